"""The page frame that Streamlit runs on every visit: navigation, language, then the page."""

from __future__ import annotations

import streamlit as st

from dashboard import address, navigation
from dashboard.logo import LOGO, MARK
from dashboard.say import t
from dashboard.texts import LANGUAGES, lookup

SIDEBAR_PX = 232

st.set_page_config(page_title=t("common.product"), page_icon=MARK, layout="wide", initial_sidebar_state=SIDEBAR_PX)
address.keep_sticky()
st.logo(LOGO, icon_image=MARK, size="large")
page = st.navigation(list(navigation.registered().values()))
with st.sidebar:
    st.session_state["choose_lang"] = address.language()
    st.segmented_control(
        t("common.language"),
        LANGUAGES,
        key="choose_lang",
        required=True,
        format_func=lambda language: lookup(language, "common.this_language"),
        on_change=lambda: address.put("lang", st.session_state["choose_lang"]),
        label_visibility="collapsed",
    )
    st.caption(t("common.only_people_decide"))
page.run()
