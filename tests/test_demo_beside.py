"""What the loading of the demo region has a second process make up."""

import subprocess
import sys

import psutil

from outcomes.demo.beside import beside
from outcomes.demo.deliveries import DELIVERIES
from outcomes.demo.registers import Writing, YoungPeople
from programmes.models import CountingBasis, Delivery
from vru_portal.core.periods import Month

LAST = Month(2021, 5)


def deliveries() -> dict[str, Delivery]:
    """Nothing of them is in the database, which the process is told nothing of."""
    return {
        spec.code: Delivery(code=spec.code, partner_id=number, counting_basis=CountingBasis.REGISTER)
        for number, spec in enumerate(DELIVERIES)
    }


def test_the_young_people_are_those_of_this_process_under_the_same_pseudonyms():
    with beside() as executor:
        there = YoungPeople(LAST, executor)
        there.are_given_by(deliveries().values())
        made = there.pseudonyms()
        assert there.meetings() == YoungPeople(LAST).meetings()
    here = YoungPeople(LAST).pseudonyms()
    assert not here
    writings = {
        Writing.of(deliveries()[code], row.written) for (code, _), met in there.meetings().items() for row in met.rows
    }
    assert len(writings) > 100
    assert made == {writing: here[writing] for writing in writings}


PARENT = """
import os, time
from outcomes.demo.beside import beside
executor = beside()
executor.submit(os.getpid).result()
executor.submit(time.sleep, 600)
print("begun", flush=True)
time.sleep(600)
"""


def test_nothing_of_the_process_is_left_once_the_loading_is_killed():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "begun\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    _, left = psutil.wait_procs(children, timeout=30)
    for process in left:
        process.kill()
    assert children
    assert not left
