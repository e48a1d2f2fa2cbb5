"""What the explorer reads: links, entries, sliders; every refusal is the library's, and names its entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einselect import LMG, Dicke, InputError, dephasing_rates
from einselect.explorer import bounds
from einselect.explorer.fields import fields_of
from einselect.explorer.state import EXAMPLES, EntryError, State
from einselect.models.registry import MODELS


@pytest.mark.parametrize("model", MODELS)
def test_every_model_starts_where_it_can_be_solved(model):
    state = State.example(model)
    rates = state.system().rates
    # The splitting of the chain of three is not small: its doublet is not isolated.
    assert rates.regime.name == ("delocalised" if model == "ring" else "mesoscopic")
    assert State.from_query(state.query()) == state


def test_the_start_is_the_benchmark():
    rates = State().system().rates
    wanted = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s", temperature="10 nK")
    assert rates.as_dict() == wanted.as_dict()


@pytest.mark.parametrize(
    ("entry", "text", "message"),
    [
        ("spins", "many", "spins must be a whole number >= 2; got 'many'"),
        ("spins", "-5", "spins must be a whole number >= 2; got '-5'"),
        ("spins", "1e99", "spins must be at most 100000000, the bound of the explorer; got 1e+99"),
        ("spins", "", "spins must be given; got none"),
        ("field", "-1", "field must be a finite number > 0"),
        ("field", "0.95 parsec", "field must be"),
        ("coupling", "1", "must have a unit"),
        ("gamma", "5 Hz", "gamma must be a rate such as '0.05 1/s'"),
        ("gamma", "-1 1/s", "gamma must be a finite number >= 0"),
        ("temperature", "1e999 nK", "temperature must be"),
        ("temperature", "__import__('os')", "temperature must be"),
    ],
)
def test_a_bad_entry_is_refused_beside_it(entry, text, message):
    with pytest.raises(EntryError) as refusal:
        State().with_entry(entry, text).system()
    assert message in str(refusal.value)
    # Beside a coupling without a unit it is γ that is wrong, or the coupling: either is on the page.
    assert refusal.value.entry in ({entry} if entry != "coupling" else {"coupling", "gamma"})


def test_entries_and_links_have_a_length():
    with pytest.raises(EntryError, match="at most 64 characters"):
        State().with_entry("field", "0" * 65).system()
    with pytest.raises(InputError, match="at most 4096 characters"):
        State.from_query("spins=" + "1" * bounds.LONGEST_LINK)


@pytest.mark.parametrize(
    "query", ["model=nothing", "spin=3", "spins=3&spins=4", "model=dicke&field=0.5", "page=x", "x.y=1"]
)
def test_a_link_that_cannot_be_read_is_refused(query):
    with pytest.raises(InputError):
        State.from_query(query)


def test_a_link_by_hand_keeps_the_rest_of_the_example():
    state = State.from_query("model=lmg&spins=100")
    assert state.entries == {"spins": "100", "field": "0.95", "coupling": "74346 rad/s"}
    assert State.from_query("").entries == EXAMPLES["lmg"]


def test_a_link_keeps_the_settings_of_pages():
    state = State("window").with_option("window.quantity", "eta_exact").with_entry("jump", "Jx")
    again = State.from_query("?" + state.query() + "&theme=dark")
    assert again == state
    assert again.option("window.quantity", "eta_mf") == "eta_exact"


@given(st.text(max_size=80))
def test_no_text_is_more_than_refused(text):
    for entry in ("spins", "field", "coupling", "gamma", "temperature"):
        try:
            State().with_entry(entry, text).system()
        except EntryError as error:
            assert error.entry in State().entries  # noqa: PT017 - it may well be accepted


@given(st.text(max_size=200))
def test_no_link_is_more_than_refused(query):
    try:
        State.from_query(query)
    except InputError:
        return


def test_a_model_of_the_library_gives_its_state():
    model = LMG(200, 0.9, "11.8 kHz")
    state = State.of_model(model, "0.05 1/s", "10 nK")
    assert state.system().model == model
    assert State.of_model(Dicke(20, 0.8)).system().model == Dicke(20, 0.8)
    with pytest.raises(InputError, match="model must be one of LMG"):
        State.of_model(3)


@pytest.mark.parametrize("model", MODELS)
def test_sliders_stand_where_the_text_is(model):
    state = State.example(model)
    for field in fields_of(MODELS[model]):
        text = state.entries.get(field.name, "")
        ends, position = field.ends(text), field.position(text)
        if position is None:
            continue
        low, high = ends
        assert low <= position <= high
        again = field.text(position, text)
        assert field.position(again) == pytest.approx(position, abs=1e-3)
        if position == high:
            continue
        moved = field.text(min(position + field.step(text), high), text)
        assert field.position(moved) > position  # a step is seen
        State.example(model).with_entry(field.name, moved).system()  # and accepted


def test_sliders_keep_the_unit():
    field = next(f for f in fields_of(MODELS["lmg"]) if f.name == "coupling")
    assert field.text(4.0, "2π × 11.8 kHz") == "2π × 1e+04 kHz"
    assert field.text(4.0, "74346 rad/s") == "1e+04 rad/s"
