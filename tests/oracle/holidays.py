"""Compare cws-holidays with a second opinion on calendars that people publish.

usage: holidays.py PROGRAM DIRECTORY

DIRECTORY/files.ndjson.gz has a calendar a line: .name, .src, .text, and .days, its all-day days within 700 days of
2026-06-01 by another reader.  Calendars are under many licences, so none is in this tree.  Prints each that differs,
and whether it is known to and why; the status is 0 when no other does.

Where the two differ RFC 5545 decides.  KNOWN says how many days more the program has, and why it is right.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile

FROM, TO = "2024-07-01", "2028-05-01"

ZONED = ("DTSTART;VALUE=DATE;TZID=...: the value is a date, and 3.2.19 says that TZID does not apply to one; "
         "the other reader takes it for a time")
MIXED = ("DTSTART;VALUE=DATE with a DTEND that is a time, against 3.8.2.2: the start says that the event is a day; "
         "the other reader takes it for a time")
KNOWN = {("thunderbird+thunderbird-website", name, more): why for name, more, why in (
    ("AlgeriaHolidays.ics", 16, ZONED), ("BelgianDutchHolidays.ics", 39, ZONED), ("BelgianFrenchHolidays.ics", 39, ZONED),
    ("BelgianHolidays.ics", 4, ZONED), ("JapanHolidays.ics", 53, ZONED), ("KenyaHolidays.ics", 31, ZONED),
    ("PakistanHolidays.ics", 35, ZONED), ("SpanishHolidays.ics", 36, ZONED), ("ThaiHolidays.ics", 19, ZONED),
    ("USHolidays.ics", 80, MIXED),
)}



def days_of(program, text):
    """The dates that the program writes for a calendar; None when it refuses it."""
    with tempfile.NamedTemporaryFile(suffix=".ics") as file:
        file.write(text.encode())
        file.flush()
        run = subprocess.run([program, "-q", "--from", FROM, "--to", TO, file.name], capture_output=True, check=False)
    if run.returncode > 1:
        return None
    return sorted({line[:10] for line in run.stdout.decode().splitlines()})


def main():
    program, directory = sys.argv[1:]
    agree = known = unknown = 0
    with gzip.open(os.path.join(directory, "files.ndjson.gz"), "rt", encoding="utf-8", newline="") as lines:
        calendars = [json.loads(line) for line in lines]
    for calendar in calendars:
        days, name = days_of(program, calendar["text"]), calendar["name"]
        if days == calendar["days"]:
            agree += 1
            continue
        got, want = set(days or []), set(calendar["days"])
        why = None if want - got else KNOWN.get((calendar["src"], name, len(got - want)))
        known += why is not None
        if why is None:
            unknown += 1
        print(f"{calendar['src']} {name}: {'refused' if days is None else f'{len(got - want)} more, {len(want - got)} fewer'}"
              f" ({why or 'not known why'})")
    print(f"{len(calendars)} calendars: {agree} agree, {known} differ as known, {unknown} differ")
    return 1 if unknown or not calendars else 0


if __name__ == "__main__":
    sys.exit(main())
