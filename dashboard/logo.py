"""The product's mark: a camera's ring that leaves a trace."""

from __future__ import annotations

MARK = """<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">
<rect width="32" height="32" rx="6" fill="#1F4E79"/>
<circle cx="16" cy="13" r="7" fill="none" stroke="#FFFFFF" stroke-width="2.4"/>
<circle cx="16" cy="13" r="2.6" fill="#7FD1C5"/>
<path d="M5 25h7l1.6-2.6 2.4 5 2-3.4H27" fill="none" stroke="#7FD1C5" stroke-width="2" stroke-linejoin="round"/>
</svg>"""

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="190" height="36" viewBox="0 0 190 36">
<g transform="translate(0 2)">
<rect width="32" height="32" rx="6" fill="#2F6498"/>
<circle cx="16" cy="13" r="7" fill="none" stroke="#FFFFFF" stroke-width="2.4"/>
<circle cx="16" cy="13" r="2.6" fill="#7FD1C5"/>
<path d="M5 25h7l1.6-2.6 2.4 5 2-3.4H27" fill="none" stroke="#7FD1C5" stroke-width="2" stroke-linejoin="round"/>
</g>
<text x="42" y="26" font-family="Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
 font-size="23" font-weight="700" fill="#FFFFFF">&#30041;&#30165;</text>
<text x="97" y="26" font-family="Noto Sans CJK SC, sans-serif" font-size="16" letter-spacing="1"
 fill="#BFD6EE">Liuhen</text>
</svg>"""
