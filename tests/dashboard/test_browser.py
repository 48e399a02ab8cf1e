"""A real browser with the world cut off: addresses, links, language, hatching, and not one request to the outside."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.dashboard import city
from tests.dashboard.test_server import serving

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
PATIENCE_MS = 20_000
CUT_OFF = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@dataclass
class Visit:
    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        expect(self.page.locator("h1")).to_be_visible(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def visit(city_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("served")
    with serving(city_file, folder) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CUT_OFF)
        page = browser.new_page(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
        page.set_default_timeout(PATIENCE_MS)
        told = Visit(page, address)
        local = (address, address.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(local) or told.outside.append(request.url))
        page.on("websocket", lambda socket: socket.url.startswith(local) or told.outside.append(socket.url))
        page.on("pageerror", lambda error: told.complaints.append(str(error)))
        yield told
        browser.close()


def test_from_the_overview_to_the_exact_day_and_back_by_its_address(visit: Visit) -> None:
    page = visit.page
    visit.open("/?month=2026-10")
    page.get_by_role("table", name="机构（问题多者在前）").get_by_role(
        "link", name="江西虚构青云检测技术有限公司"
    ).click()
    expect(page.locator("h1")).to_have_text("江西虚构青云检测技术有限公司")
    page.get_by_role("table", name="房间与规则").get_by_role("link", name="混凝土力学室").click()
    expect(page.locator("h1")).to_have_text("混凝土力学室")
    page.get_by_role("table", name="机位与规则").get_by_role("link", name=city.NIGHT_GAP_CAMERA).click()
    expect(page.locator("h1")).to_have_text(city.NIGHT_GAP_CAMERA)
    page.get_by_role("link", name="10-07 周三").click()
    expect(page.get_by_role("heading", name="2026-10-07（周三）的录像")).to_be_visible()
    address = page.url
    assert f"camera={city.NIGHT_GAP_CAMERA}" in address and "day=2026-10-07" in address and "month=2026-10" in address
    visit.open(address.removeprefix(visit.address))
    expect(page.get_by_role("heading", name="2026-10-07（周三）的录像")).to_be_visible()
    expect(page.get_by_role("table", name="缺失与未知的时段")).to_contain_text("02:00:00 – 04:30:00")
    expect(page.locator(".js-plotly-plot .barlayer .point").first).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text(city.NIGHT_GAP_CAMERA)


def test_a_finding_has_an_address_in_either_language(visit: Visit) -> None:
    page = visit.page
    visit.open("/findings?month=2026-10&rule=far_24h")
    page.get_by_role("link", name="远视角监控录像一天中有缺失").click()
    expect(page.get_by_text("已确认缺失录像 9000 秒")).to_be_visible()
    address = page.url.removeprefix(visit.address)
    assert address.startswith("/finding?") and "finding=" in address
    page.get_by_text("English", exact=True).click()
    expect(page.locator("h1")).to_have_text("Far-view recording is missing for part of a day")
    expect(page.get_by_text("is known to lack 9000 s of recording")).to_be_visible()
    page.get_by_role("link", name="Sources", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sources")
    assert "lang=en" in page.url, "the language stays with the visitor when the page is turned"
    visit.open(address)
    expect(page.locator("h1")).to_have_text("远视角监控录像一天中有缺失")


def test_unknown_is_hatched_in_grid_timeline_and_bar(visit: Visit) -> None:
    page = visit.page
    visit.open("/camera?camera=NC-A-002-P1-R05-C1&day=2026-10-25&month=2026-10")
    cell = page.locator(".grid .cell.c-unknown").first
    expect(cell).to_be_visible()
    assert "repeating-linear-gradient" in cell.evaluate("cell => getComputedStyle(cell).backgroundImage")
    bar = page.locator(".js-plotly-plot .barlayer .point path[style*='pattern'], .js-plotly-plot pattern").first
    expect(bar).to_be_attached()
    assert page.locator(".grid .cell.c-missing").count() == 0
    visit.open("/?month=2026-10")
    part = page.locator(".bar .part.o-unknown").first
    assert "repeating-linear-gradient" in part.evaluate("part => getComputedStyle(part).backgroundImage")


def test_from_a_camera_to_the_poll_that_failed_and_back_by_its_address(visit: Visit) -> None:
    page = visit.page
    silent = "NC-A-002-P1-R05-C1"
    visit.open(f"/camera?camera={silent}&day=2026-10-25&month=2026-10")
    page.get_by_role("link", name="本机位的判定清单（含未知）→").click()
    expect(page.locator("h1")).to_have_text("判定清单")
    page.get_by_role("table", name="判定清单").get_by_role("link", name="2026-10-25", exact=True).first.click()
    polls = page.get_by_role("table", name="涉及这段时间的查询（1 次）")
    expect(polls).to_contain_text("无法连接")
    expect(page.get_by_text("未知既不算符合，也不算不符")).to_be_visible()
    assert "period=2026-10-25" in page.url and page.get_by_text("已确认缺失录像").count() == 0
    page.get_by_role("table", name="证据（1 条）").get_by_role("link", name="未问到").click()
    page.wait_for_url("**kind=not_asked**")
    visit.open(page.url.removeprefix(visit.address))
    polls.get_by_role("link", name=f"{silent}@1026").click()
    expect(page.locator("h1")).to_have_text(f"查询 {silent}@1026")
    expect(page.get_by_text("2026-10-26 00:25:00").first).to_be_visible()


def test_a_stage_without_a_clip_opens_its_session_in_english(visit: Visit) -> None:
    page = visit.page
    visit.open("/verdict?rule=pile_stage_clips&type=report&subject=ML2610-ZH-0007&period=2026-10-19&lang=en")
    page.get_by_role("table", name="Evidence (2)").get_by_role("link", name="Stage without a valid clip").last.click()
    expect(page.get_by_role("table", name="Loading and unloading stages (10)")).to_be_visible()
    assert "ref=S-PILE-7+9" in page.url
    page.get_by_role("table", name="Sessions (1)").get_by_role("link", name="S-PILE-7").click()
    expect(page.locator("h1")).to_have_text("Session S-PILE-7")


def test_exemptions_tell_their_instants_and_what_they_excused(visit: Visit) -> None:
    visit.open("/exemptions?month=2026-10")
    line = visit.page.get_by_role("table", name="豁免").get_by_role("row").last
    expect(line).to_contain_text("2026-10-12 12:00:00")
    expect(line).to_contain_text("已到期")
    expect(visit.page.get_by_text("每项豁免当月都用到了。")).to_be_visible()


def test_register_names_stay_text(visit: Visit) -> None:
    visit.open("/room?room=NC-A-002-P1-R05&month=2026-10")
    expect(visit.page.locator("h1")).to_have_text(city.HOSTILE_ROOM_NAME)


def test_the_dossier_is_downloaded(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.open("/monthly?month=2026-10")
    page.get_by_role("button", name="生成本月文件").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="下载全部（ZIP）").click()
    started.value.save_as(tmp_path / "dossier.zip")
    with zipfile.ZipFile(tmp_path / "dossier.zip") as archive:
        assert {"monthly_agency.csv", "findings.csv", "verdicts.csv", "manifest.json"} <= set(archive.namelist())


def test_a_rule_is_read_and_tried_in_either_language(visit: Visit) -> None:
    page = visit.page
    visit.open("/rules?month=2026-10&lang=zh")
    page.get_by_role("table", name="规则目录").get_by_role("link", name="远视角监控录像一天中有缺失").click()
    expect(page.locator("h1")).to_have_text("远视角监控录像一天中有缺失")
    address = page.url.removeprefix(visit.address)
    assert address.startswith("/rule?") and "rule=far_24h" in address
    visit.open(address.replace("lang=zh", "lang=en"))
    expect(page.locator("h1")).to_have_text("Far-view recording is missing for part of a day")
    page.get_by_text("The SQL that judges").click()
    expect(page.locator("code").filter(has_text="known_missing")).to_be_visible()
    page.get_by_role("combobox", name="Parameter").click()
    page.get_by_role("option", name="tolerance_s", exact=True).click()
    values = page.get_by_role("textbox", name="Values to try (now 60 s)")
    values.fill("60, 9000")
    values.press("Enter")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_role("table", name="Verdicts that would change")).to_contain_text("9000 s")
    expect(page.locator(".js-plotly-plot .barlayer .point").first).to_be_visible()
    hatched = page.locator(".js-plotly-plot pattern").first
    expect(hatched).to_be_attached()
    expect(page.get_by_role("table", name="One by one")).to_contain_text(city.NIGHT_GAP_CAMERA)
    page.get_by_role("link", name="Suspected breach 5").click()
    expect(page.locator("h1")).to_have_text("Suspected findings")
    assert "rule=far_24h" in page.url and "outcome=fail" in page.url


def test_the_settings_do_not_depend_on_the_folder_it_was_started_in(visit: Visit) -> None:
    visit.open("/?month=2026-10")
    sidebar = visit.page.get_by_test_id("stSidebar")
    assert sidebar.evaluate("bar => getComputedStyle(bar).backgroundColor") == "rgb(22, 40, 59)"
    assert visit.page.get_by_test_id("stAppDeployButton").count() == 0
    assert visit.page.evaluate("document.documentElement.lang") == "zh-CN"


def test_nothing_left_this_machine_and_nothing_broke(visit: Visit) -> None:
    """Stands last: it sums up every visit of this module."""
    assert visit.outside == []
    assert visit.complaints == []
