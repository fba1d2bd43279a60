from __future__ import annotations

import pytest

from moi_pipeline.read import Article, NotArticle, read_capture

NEWS = "<p>วันที่ 5 มกราคม 2566 นายสมมุติ ใจกล้า ผู้ว่าราชการจังหวัดสมมุติบุรี เป็นประธานการประชุม ณ ศาลากลางจังหวัด</p>"

PAGES = [
    ("<title>Just a moment...</title><body>Checking your browser before accessing", "block_page"),
    (
        "<title>403 Forbidden</title><h1>Forbidden</h1><p>You don't have permission to access this resource.",
        "block_page",
    ),
    ("<title>Request Rejected</title><p>The requested URL was rejected. Your support ID is: 1", "block_page"),
    ("<title>404 Not Found</title><h1>Not Found</h1>", "soft_404"),
    ("<title>จังหวัดสมมุติ</title><nav>x</nav><h1>ขออภัย ไม่พบหน้าที่คุณต้องการ</h1>", "soft_404"),
    ("<title>จังหวัดสมมุติ</title><table><tr><td>ไม่พบข้อมูล</table>", "soft_404"),
    ("<title>Error</title>Error establishing a database connection", "soft_404"),
    ("<title>เข้าสู่ระบบ</title><form>ชื่อผู้ใช้ <input name=u> รหัสผ่าน <input type=password></form>", "login_page"),
    ("<title>Protected: x</title><p>This content is password protected.", "login_page"),
    ("<title>จังหวัด</title><div id=root></div><script src=a.js></script>", "javascript_shell"),
    ("<title>x</title><p>You need to enable JavaScript to run this app.", "javascript_shell"),
    ("<html><head><script>location='/x'</script></head></html>", "javascript_shell"),
    ("<title>ประกาศ</title><a href='/files/A.PDF'>ดาวน์โหลด</a>", "pdf"),
    ("<title>ประกาศ</title><embed src='a.pdf?x=1'>", "pdf"),
    ("<title>ภาพ</title><img src=a.jpg><p>ภาพ</p>", "picture_only"),
    ("<title>ก</title><p>ข</p>", "no_text"),
    ("<html></html>", "empty"),
]


@pytest.mark.parametrize(("page", "reason"), PAGES, ids=[f"{r}: {p[7:40]}" for p, r in PAGES])
def test_no_release(page: str, reason: str) -> None:
    found = read_capture(page.encode(), kind="html")
    assert isinstance(found, NotArticle)
    assert found.reason == reason


@pytest.mark.parametrize(
    "page",
    [
        f"<title>สมมุติบุรีประชุมประจำเดือน</title>{NEWS * 4}<form><input type=password></form>",
        f"<title>สมมุติบุรีประชุมประจำเดือน</title>{NEWS * 4}<a href=a.pdf>แนบ</a>",
        f"<title>สมมุติบุรีประชุมประจำเดือน</title>{NEWS * 4}<p>ไม่พบข้อมูล</p>",
        f"<title>ปิดปรับปรุงถนนสายหลัก</title>{NEWS * 2}",
        f"<title>สมมุติบุรีประชุมประจำเดือน</title>{NEWS}<p>ไม่พบข้อมูลผู้ติดเชื้อรายใหม่ในพื้นที่",
    ],
)
def test_releases_are_not_refused(page: str) -> None:
    assert isinstance(read_capture(page.encode(), kind="html"), Article)
