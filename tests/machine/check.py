"""tools/check is shown to fail where it should."""

from lib.machine_tests import variants


@variants("default")
def test_self_test(lab):
    """Each check of tools/check fails on a tree that is bad on purpose, and
    none fails on a good one."""
    lab.host("tools/check --self-test").wants(0)


@variants("default")
def test_status(lab):
    """tools/check refuses options that it does not know."""
    lab.host("tools/check --nonsense").wants(2, "")
