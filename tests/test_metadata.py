"""The exchange's table and the file names: joined, and every defect told, none fatal."""

import pytest

from pipeline.domain.schema import Pbx, Region, Shift
from pipeline.ingest import Item
from pipeline.metadata import attach, check_duration, declared_seconds, find_tables
from pipeline.pbx import from_name, parse_date, parse_number, parse_seconds, read_table
from pipeline.records import Recording

PBX = Pbx(
    columns={
        "file": ("file", "文件名"),
        "call_id": ("call_id",),
        "started_at": ("started_at", "呼叫时间"),
        "agent_id": ("agent_id", "工号"),
        "caller_number": ("caller_number", "主叫号码"),
        "direction": ("direction",),
        "queue": ("queue", "队列"),
        "duration_s": ("duration_s", "通话时长"),
        "satisfaction": ("satisfaction",),
        "region": ("region",),
    },
    dates=("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M"),
    name_pattern=r"^(?P<date>\d{8})_(?P<time>\d{6})_(?P<agent_id>\d+)"
    r"_(?P<caller_number>\d+)_(?P<direction>in|out)",
)
NAME = "20260203_091500_301_13800000001_in.wav"
HEAD = "file,started_at,agent_id,caller_number,queue,duration_s\n"
ROW = f"{NAME},2026-02-03 09:15:02,301,13800000001,JIA_1,61\n"


def region(name, queue):
    shifts = (Shift(name="白班", start="08:00", end="20:00"),)
    return Region(
        name=name, hotline=(name,), area_code="0", queues=(queue,), shifts=shifts, districts=()
    )


class FakeProfile:
    """The two parts of a profile that metadata looks at."""

    class city:
        pbx = PBX

    places = (region("甲市", "^JIA"), region("乙市", "^YI"))


def item(*names, sha="a"):
    return Item(Recording(sha * 64, names[0]), names)


def joined(tmp_path, text, *items, encoding="utf-8", present=None):
    """Items and defects for a table of this text that lies beside them."""
    path = tmp_path / "metadata.csv"
    path.write_bytes(text.encode(encoding))
    items = items or (item(str(tmp_path / NAME)),)
    return attach(items, [read_table(str(path), PBX)], FakeProfile, present=present)


def kinds(defects):
    return [defect.kind for defect in defects]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_is_read_in_any_encoding_and_dialect(tmp_path, encoding, delimiter):
    text = (
        f"文件名,呼叫时间,工号,主叫号码,队列\n{NAME},2026/2/3 9:15,301,13800000001,JIA_综合\n"
    )
    (got,), defects = joined(tmp_path, text.replace(",", delimiter), encoding=encoding)
    metadata = got.recording.metadata
    assert (metadata.started_at, metadata.queue) == ("2026-02-03T09:15:00", "JIA_综合")
    assert (metadata.region, metadata.shift) == ("甲市", "白班")
    assert metadata.direction == "in"  # from the name: the table has no such column
    assert defects == ()


def test_titles_above_the_header_and_units_in_it_are_read_over(tmp_path):
    head = '"通话记录导出（某日）",,\n\n文件名,呼叫时间,工号,主叫号码,通话时长（秒）\n'
    text = head + f"{NAME},2026/2/3 9:15,301,13800000001,61\n"
    path = tmp_path / "metadata.csv"
    path.write_text(text, encoding="utf-8")
    table = read_table(str(path), PBX)
    assert [(row.file, row.duration_s) for row in table.rows] == [(NAME, 61.0)]


def test_without_a_table_the_name_tells(tmp_path):
    (got,), defects = attach([item(NAME)], [], FakeProfile)
    metadata = got.recording.metadata
    assert metadata.started_at == "2026-02-03T09:15:00"
    assert (metadata.agent_id, metadata.caller_number) == ("301", "13800000001")
    assert (metadata.region, metadata.shift) == (None, None)
    assert defects == ()


@pytest.mark.parametrize("name", ["call.wav", "20261399_091500_301_1_in.wav", "录音-1.mp3"])
def test_a_name_that_does_not_fit_tells_no_time(name):
    assert from_name(name, PBX).started_at is None


def test_a_missing_row_is_reported_and_filled_from_the_name(tmp_path):
    other = item(str(tmp_path / NAME.replace("301", "302")), sha="b")
    items, defects = joined(tmp_path, HEAD + ROW, item(str(tmp_path / NAME)), other)
    assert [(d.kind, d.file) for d in defects] == [("missing_row", other.recording.name)]
    assert items[1].recording.metadata.agent_id == "302"


def test_a_row_without_a_file_is_reported_where_the_whole_folder_is_known(tmp_path):
    text = HEAD + ROW + ROW.replace("301", "399")
    _, defects = joined(tmp_path, text, present=[NAME])
    assert [(d.kind, d.file) for d in defects] == [
        ("row_without_file", NAME.replace("301", "399"))
    ]
    assert joined(tmp_path, text)[1] == ()  # files named one by one: nothing is amiss
    growing = [NAME, "x/" + NAME.replace("301", "399")]  # there, but not taken this time
    assert joined(tmp_path, text, present=growing)[1] == ()


@pytest.mark.parametrize("second", [ROW, ROW.replace("JIA_1", "YI_2")])
def test_a_duplicate_row_is_reported_and_the_first_stands(tmp_path, second):
    (got,), defects = joined(tmp_path, HEAD + ROW + second, present=[NAME])
    assert kinds(defects) == ["duplicate_row"]
    assert ("内容不同" in defects[0].detail) is (second != ROW)
    assert got.recording.metadata.queue == "JIA_1"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (ROW.replace("2026-02-03 09:15:02", "2026-02-30 09:15:02"), "bad_date"),
        (ROW.replace("2026-02-03 09:15:02", "上午"), "bad_date"),
        (ROW.replace("13800000001,", "1.38E+10,"), "bad_number"),
        (ROW.replace(",61", ",一分钟"), "bad_number"),
        (ROW.replace(",61", ",61,5,又来电"), "extra_columns"),
    ],
)
def test_a_cell_that_cannot_be_read_is_reported_and_the_name_fills_it(tmp_path, row, kind):
    (got,), defects = joined(tmp_path, HEAD + row)
    assert [(d.kind, d.file) for d in defects] == [(kind, NAME)]
    assert got.recording.metadata.started_at in ("2026-02-03T09:15:00", "2026-02-03T09:15:02")
    assert got.recording.metadata.caller_number == "13800000001"


def test_unmapped_columns_are_reported_once_and_kept(tmp_path):
    text = HEAD.replace("\n", ",vip\n") + ROW.replace("\n", ",是\n")
    (got,), defects = joined(tmp_path, text)
    assert kinds(defects) == ["extra_columns"]
    assert got.recording.metadata.extra == (("vip", "是"),)


def test_a_missing_column_is_reported(tmp_path):
    _, defects = joined(tmp_path, f"file,agent_id,caller_number\n{NAME},301,13800000001\n")
    assert [(d.kind, d.detail) for d in defects] == [
        ("missing_column", "缺少列：started_at/呼叫时间")
    ]


@pytest.mark.parametrize(
    ("old", "new", "label"),
    [
        ("09:15:02", "09:25:02", "开始时间"),
        (",301,", ",302,", "坐席工号"),
        (",13800000001,", ",13800000002,", "来电号码"),
    ],
)
def test_the_table_wins_over_the_name_and_it_is_said(tmp_path, old, new, label):
    (got,), defects = joined(tmp_path, HEAD + ROW.replace(old, new))
    assert kinds(defects) == ["disagrees"]
    assert label in defects[0].detail
    assert "1380000000" not in defects[0].detail
    metadata = got.recording.metadata
    assert new.strip(",") in (
        metadata.started_at[-8:],
        metadata.agent_id,
        metadata.caller_number,
    )


@pytest.mark.parametrize(
    "written", ["+8613800000001", "138 0000 0001", "13800000001.0", '="13800000001"']
)
def test_a_number_written_otherwise_agrees(tmp_path, written):
    (got,), defects = joined(tmp_path, HEAD + ROW.replace(",13800000001,", f",{written},"))
    assert defects == ()
    assert got.recording.metadata.caller_number == "13800000001"


def test_a_masked_number_agrees_with_the_one_it_hides(tmp_path):
    masked = HEAD + ROW.replace(",13800000001,", ",138****0001,")
    assert joined(tmp_path, masked)[1] == ()
    assert kinds(joined(tmp_path, masked.replace("****0001", "****0002"))[1]) == ["disagrees"]


def test_a_converted_file_finds_its_row_by_its_stem(tmp_path):
    (got,), defects = joined(tmp_path, HEAD + ROW, item(str(tmp_path / NAME[:-4]) + ".mp3"))
    assert defects == ()
    assert got.recording.metadata.queue == "JIA_1"


def test_a_second_name_may_be_the_one_with_the_row(tmp_path):
    (got,), defects = joined(tmp_path, HEAD + ROW, item("copy.wav", str(tmp_path / NAME)))
    assert defects == ()
    assert got.recording.metadata.queue == "JIA_1"


def test_the_table_in_the_files_own_folder_is_asked_first(tmp_path):
    tables = []
    for folder, queue in (("a", "JIA_1"), ("b", "YI_2")):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "metadata.csv"
        path.write_text(HEAD + ROW.replace("JIA_1", queue), encoding="utf-8")
        tables.append(read_table(str(path), PBX))
    names = [str(tmp_path / folder / NAME) for folder in "ab"]
    items, _ = attach([item(names[0]), item(names[1], sha="b")], tables, FakeProfile)
    assert [i.recording.metadata.region for i in items] == ["甲市", "乙市"]


def test_a_call_without_a_row_is_of_the_city_of_its_agent(tmp_path):
    other = item(str(tmp_path / NAME.replace("0001_in", "0009_in")), sha="b")
    items, _ = joined(tmp_path, HEAD + ROW, item(str(tmp_path / NAME)), other)
    assert items[1].recording.metadata.region == "甲市"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04\0\0", b"\0" * 100, b"a,b\n1,2\n", b'"' * 9])
def test_a_table_that_is_none_is_reported_and_nothing_is_lost(tmp_path, data):
    path = tmp_path / "metadata.csv"
    path.write_bytes(data)
    table = read_table(str(path), PBX)
    assert (table.rows, kinds(table.defects)) == ((), ["unreadable_table"])
    (got,), _ = attach([item(NAME)], [table], FakeProfile)
    assert got.recording.metadata.agent_id == "301"


def test_a_table_that_breaks_midway_keeps_the_rows_before(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_text(HEAD + ROW + '"' + "x" * 200_000, encoding="utf-8")
    table = read_table(str(path), PBX)
    assert ([row.file for row in table.rows], kinds(table.defects)) == (
        [NAME],
        ["unreadable_table"],
    )


def test_a_missing_table_is_reported(tmp_path):
    assert kinds(read_table(str(tmp_path / "no.csv"), PBX).defects) == ["unreadable_table"]


def test_tables_are_found_beside_the_recordings(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "metadata.csv").write_text(HEAD)
    (tmp_path / "other.csv").write_text(HEAD)
    found = find_tables([str(tmp_path), str(tmp_path / "a")])
    assert found == (str(tmp_path / "a" / "metadata.csv"),)


@pytest.mark.parametrize(
    ("declared", "real", "wrong"),
    [
        (61, 60.2, False),
        (60, 62, False),
        (20, 22.1, True),
        (300, 314, False),
        (300, 317, True),
        (0, 66, True),
    ],
)
def test_a_duration_may_be_off_by_two_seconds_or_five_percent(declared, real, wrong):
    defect = check_duration(NAME, declared, real)
    assert (defect is not None) is wrong
    assert defect is None or (defect.kind, defect.file) == ("wrong_duration", NAME)


def test_declared_seconds_are_told_by_recording(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_text(HEAD + ROW)
    table = read_table(str(path), PBX)
    assert declared_seconds([item(NAME), item("x.wav", sha="b")], [table]) == {"a" * 64: 61.0}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("44", 44),
        ("44.5秒", 44.5),
        ("1:20", 80),
        ("01:00:05", 3605),
        ("2分3秒", 123),
        ("5分", 300),
    ]
    + [("", None), ("约一分", None), ("-3", None), ("1:2:3:4", None)],
)
def test_durations_are_read_as_people_write_them(text, seconds):
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "number"),
    [("0775-1234567", "07751234567"), ("008613800000001", "13800000001"), ("匿名", "")]
    + [("１３８００００００００", "13800000000"), ("1.38E+10", None), ("内线", None)],
)
def test_numbers_become_digits(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-07-14 08:15:33", "2026-07-14T08:15:33"),
        ("2026/7/4 8:05", "2026-07-04T08:05:00"),
        ("20260714081533", "2026-07-14T08:15:33"),
        ("2026-07-14T00:15:33Z", "2026-07-14T08:15:33"),  # told in China's time
        ("2026-07-14 08:15:33.250", "2026-07-14T08:15:33"),
        ("1900-01-00 00:00:00", None),
        ("1900-01-01 00:00:00", None),
        ("13800000001", None),
        ("", None),
    ],
)
def test_dates_become_iso_local_time(text, iso):
    assert parse_date(text, PBX.dates) == iso
