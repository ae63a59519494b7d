"""Who has which id, of the plug-ins that were found."""

import pytest

from ccxt_ext._version import CONTRACT, contract_of
from ccxt_ext.plugins import KINDS, Plugin, registry
from ccxt_ext.plugins.registry import Registry
from tests.ids import IDS


class Frontend:
    """Stands for any class."""


def brought(id, distribution, *kinds, **targets):
    return Plugin(id, distribution, "1.0", {**dict.fromkeys(kinds or ("sync",), "there:it"), **targets})


OURS = [brought("btex", "ccxt-ext", *KINDS), brought("bitmart2", "ccxt_ext", "sync", "sandbox")]


def test_ours_come_first_then_others_and_each_by_kind():
    found = Registry([brought("zeta", "z", "pro", "sync"), *OURS, brought("acme", "a")])
    assert found.ids() == ["bitmart2", "btex", "acme", "zeta"]
    assert found.ids("pro") == ["btex", "zeta"] and found.ids("sandbox") == ["bitmart2", "btex"]
    assert found.ids("async_support") == ["btex"] and found.conflicts == {} and found.shut_out == []


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        ("all", ["acme", "other"]),
        ("", ["acme", "other"]),
        (" ALL ", ["acme", "other"]),
        ("none", []),
        ("None", []),
        ("Ccxt.Acme", ["acme"]),
        ("ccxt_acme,others", ["acme", "other"]),
        ("ccxt--acme  ,, nobody", ["acme"]),
        ("ccxt-acm", []),
        ("all,others", ["other"]),
    ],
)
def test_who_may_come_in(choice, ids):
    found = Registry([*OURS, brought("acme", "ccxt-acme"), brought("other", "Others")], choice)
    assert found.ids() == ["bitmart2", "btex", *ids]
    assert sorted(plugin.id for plugin in found.shut_out) == sorted({"acme", "other"} - {*ids})


def test_that_our_own_metadata_are_missing_is_told():
    found = Registry([brought("acme", "ccxt-acme")])
    assert found.ids() == ["acme"] and "ccxt-ext's own venues are missing" in found.problems[0]


def test_an_id_of_ours_stays_ours_whoever_is_found_first():
    other = brought("btex", "others")
    for order in ([other, *OURS], [*OURS, other]):
        found = Registry(order)
        assert found.overruled == [other] and found.plugins["btex"].is_ours and not found.conflicts
    assert Registry([other, *OURS], "none").overruled == []  # who is not let in claims nothing


def test_two_of_one_id_leave_it_to_nobody_until_one_is_chosen():
    one, two = brought("acme", "one", "sync"), brought("acme", "two", "pro")
    found = Registry([*OURS, one, two])
    assert found.conflicts == {"acme": [one, two]} and "acme" not in found.ids() + found.ids("pro")
    chosen = Registry([*OURS, one, two], "two")
    assert chosen.plugins["acme"] is two and chosen.ids("pro") == ["btex", "acme"] and not chosen.conflicts
    assert "acme" not in chosen.ids("sync")


@pytest.mark.parametrize("id", ["my-acme", "1acme", "class", "_acme", "", "venue", "register", "plugins"])
def test_ids_that_nobody_can_have(id):
    found = Registry([*OURS, brought(id, "others")])
    assert (
        found.ids() == ["bitmart2", "btex"] and len(found.problems) == 1 and "others 1.0" in found.problems[0]
    )


@pytest.fixture
def process(monkeypatch):
    """The registry of this process, with nothing but ours in it."""
    found = Registry(OURS)
    monkeypatch.setattr(registry, "_registry", found)
    return found


def test_register(process):
    registry.register("acme", sync=Frontend, sandbox="tests.plugins.test_registry:Frontend")
    registry.register("acme", sandbox="tests.plugins.test_registry:Frontend", sync=Frontend)  # the same again
    assert registry.ids() == ["bitmart2", "btex", "acme"] and registry.ids("pro") == ["btex"]
    assert registry.find("acme").origin == "register()" and registry.find("nobody") is None
    assert registry.target("acme", "sync") is Frontend
    with pytest.raises(ValueError, match=r"'acme' is taken by register\(\)"):
        registry.register("acme", sync=int)
    with pytest.raises(ValueError, match=r"'btex' is taken by ccxt-ext 1.0; register\(\) cannot have it"):
        registry.register("btex", sync=Frontend)
    process.conflicts["both"] = [brought("both", "one"), brought("both", "two")]
    with pytest.raises(ValueError, match=r"taken by one 1\.0 and two 1\.0"):
        registry.register("both", sync=Frontend)
    assert registry.target("acme", "sync") is Frontend and "both" not in registry.ids()


def test_targets(process):
    registry.register("acme", sync=" os.path : join.__name__ [extra] ", pro="no_such_module_at_all:x")
    assert registry.target("acme", "sync") == "join"
    with pytest.raises(ModuleNotFoundError):
        registry.target("acme", "pro")
    with pytest.raises(LookupError, match=r"register\(\) has no class of the kind 'sandbox' for 'acme'"):
        registry.target("acme", "sandbox")
    with pytest.raises(LookupError, match="no venue 'nobody'"):
        registry.target("nobody", "sync")
    process.plugins["odd"] = brought("odd", "others", sync="nothing but words")
    with pytest.raises(ImportError, match="not of the form 'module:name'"):
        registry.target("odd", "sync")


def test_the_id_of_a_class_is_found_by_its_name_and_package(process):
    kind = type("acme", (), {"__module__": "ccxt_acme.deep.inside"})
    others = [type("other", (), {"__module__": "ccxt_acme"}), type("acme", (), {"__module__": "ccxt_acm"})]
    for where in (process.plugins, None):
        plugin = brought("acme", "ccxt-acme", pro="ccxt_acme:acme")
        if where is None:
            process.plugins.pop("acme")
            process.shut_out.append(plugin)
        else:
            where["acme"] = plugin
        assert registry.id_of_class(kind) == "acme"
        assert [registry.id_of_class(other) for other in others] == [None, None]


def test_ours_are_found_here():
    assert set(IDS) == {"bitexasia", "bitexbit", "bitmart2", "bitmaxfutures", "btex"}
    assert all(registry.ours(kind) == sorted(IDS) for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_ours_say_which_contract_they_were_built_for(kind):
    assert {contract_of(registry.target(id, kind)) for id in IDS} == {CONTRACT}


def test_names_in_a_program_are_no_ids_of_venues():
    theirs = [
        Plugin("Btex", "ccxt-ext", "1.0", {"freqtrade": "there:Btex"}, "freqtrade"),
        Plugin("Acme", "ccxt-acme", "1.0", {"freqtrade": "there:Acme"}, "freqtrade"),
        Plugin("acme", "wrong-case", "1.0", {"freqtrade": "there:acme"}, "freqtrade"),
        Plugin("Acme2X", "ccxt-acme", "1.0", {"freqtrade": "there:X"}, "freqtrade"),
        Plugin("Both", "one", "1.0", {"freqtrade": "there:Both"}, "freqtrade"),
        Plugin("Both", "two", "1.0", {"freqtrade": "there:Both"}, "freqtrade"),
        Plugin("Btex", "two", "1.0", {"freqtrade": "there:Btex"}, "freqtrade"),
    ]
    found = Registry([*OURS, *theirs])
    assert found.ids() == ["bitmart2", "btex"] and found.ids("freqtrade") == []
    assert not found.conflicts and not found.overruled and not found.problems
    names = found.of_kind("freqtrade")
    assert names is found.of("freqtrade") and found.of_kind("pro") is found
    assert names.ids("freqtrade") == ["Btex", "Acme", "Acme2X"]
    assert [*names.conflicts] == ["Both"] and names.overruled == [theirs[-1]]
    assert names.problems == [
        "wrong-case 1.0 brings 'acme' for freqtrade, which is looked up as 'Acme' there"
    ]
    chosen = Registry([*OURS, *theirs], "two").of("freqtrade")
    assert chosen.plugins["Both"] is theirs[-2] and len(chosen.shut_out) == 3


def test_the_functions_tell_of_venues_or_of_a_program(monkeypatch):
    acme = Plugin("Acme", "ccxt-acme", "1.0", {"freqtrade": "os.path:join"}, "freqtrade")
    monkeypatch.setattr(registry, "_registry", Registry([*OURS, acme]))
    assert registry.find("Acme") is registry.find("btex", "freqtrade") is None
    assert registry.find("Acme", "freqtrade") is acme and registry.ids("freqtrade") == ["Acme"]
    assert registry.target("Acme", "freqtrade").__name__ == "join" and registry.ours("freqtrade") == []
    kind = type("join", (), {"__module__": "os.path"})  # of a program, and so no exchange of ccxt's
    assert registry.id_of_class(kind) is None
    assert registry.conflicts("freqtrade") == {} and registry.problems("freqtrade") == []
