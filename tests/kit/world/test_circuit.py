from __future__ import annotations

from typing import Any

import pytest

from ohmstead.kit.world import Bus, World


class Fixed:
    """Puts the same power onto a live bus, and notes what it saw."""

    def __init__(self, power_w: float) -> None:
        self.power_w = power_w
        self.seen: list[Bus] = []

    def step(self, bus: Bus, dt_s: float) -> float:
        self.seen.append(bus)
        return self.power_w if bus.energised else 0.0


class Former(Fixed):
    """Holds an island up to a power, when it is willing."""

    def __init__(self, most_w: float) -> None:
        super().__init__(0.0)
        self.most_w = most_w
        self.is_willing = True
        self.island_frequency_hz = 50.2

    def can_form(self, bus: Bus) -> bool:
        return self.is_willing

    def form(self, power_w: float, dt_s: float) -> float:
        return max(-self.most_w, min(self.most_w, power_w))


@pytest.fixture
def world(clock: Any) -> World:  # conftest's LeapClock: a test cannot import it
    return World(clock)


def live(world: World, seconds_s: int = 1) -> Bus:
    world.clock.leap(seconds_s)  # type: ignore[attr-defined] # the fixture's clock leaps
    world.catch_up()
    return world.bus


def test_the_grid_is_the_residual(world: World) -> None:
    world.attach("solar", Fixed(1_200.0))
    world.attach("home", Fixed(-3_000.0))

    assert live(world).grid_w == 1_800.0
    assert world.grid.power_w == 1_800.0
    assert (world.power_w("solar"), world.power_w("home")) == (1_200.0, -3_000.0)


def test_a_terminal_sees_the_bus_of_the_step_before(world: World) -> None:
    early, late = Fixed(-500.0), Fixed(-700.0)
    world.attach("early", early)
    world.attach("late", late)
    live(world, 2)

    assert early.seen == late.seen
    assert [bus.grid_w for bus in early.seen] == [0.0, 1_200.0]


def test_without_grid_and_former_the_bus_is_dead_at_once(world: World) -> None:
    home = Fixed(-500.0)
    world.attach("home", home)
    live(world, 5)
    world.grid.fail()
    bus = live(world)

    assert (bus.energised, bus.voltage_v, bus.frequency_hz, bus.grid_w) == (False, 0.0, 0.0, 0.0)
    assert world.power_w("home") == 0.0
    assert not home.seen[-1].energised


def test_the_grid_comes_back_to_a_dead_bus_a_second_before_the_load(world: World) -> None:
    world.attach("home", Fixed(-500.0))
    world.grid.fail()
    live(world, 3)
    world.grid.restore()

    first, second = live(world), live(world)
    assert (first.energised, first.grid_w) == (True, 0.0)
    assert (second.energised, second.grid_w) == (True, 500.0)


def test_a_former_takes_over_without_a_gap(world: World) -> None:
    home = Fixed(-500.0)
    world.attach("home", home)
    world.attach("backup", Former(5_000.0))
    live(world)
    world.grid.fail()
    bus = live(world)

    assert (bus.energised, bus.voltage_v, bus.frequency_hz, bus.grid_w) == (True, 230.0, 50.2, 0.0)
    assert world.power_w("backup") == 500.0
    assert home.seen[-1].energised


def test_of_two_formers_one_forms_and_the_other_follows(world: World) -> None:
    second = Former(5_000.0)
    world.attach("home", Fixed(-500.0))
    world.attach("first", Former(5_000.0))
    world.attach("second", second)
    world.grid.fail()
    live(world)

    assert (world.power_w("first"), world.power_w("second")) == (500.0, 0.0)
    assert len(second.seen) == 1


def test_an_unwilling_former_leaves_the_bus_dead(world: World) -> None:
    backup = Former(5_000.0)
    backup.is_willing = False
    world.attach("backup", backup)
    world.grid.fail()

    assert not live(world).energised


def test_an_open_main_switch_makes_an_island_of_a_house_whose_street_is_live(world: World) -> None:
    world.attach("home", Fixed(-600.0))
    world.attach("backup", Former(5_000.0))
    live(world)
    world.grid.is_connected = False

    island = live(world)

    assert world.grid.is_up
    assert (island.energised, island.grid_w, island.frequency_hz) == (True, 0.0, 50.2)
    assert world.power_w("backup") == 600.0
    world.grid.is_connected = True
    assert live(world).grid_w == 600.0


def test_an_overloaded_island_collapses_and_tries_again_after_ten_seconds(world: World) -> None:
    home = Fixed(-6_000.0)
    world.attach("home", home)
    world.attach("backup", Former(5_000.0))
    live(world)
    world.grid.fail()

    collapse = live(world)
    assert (collapse.energised, collapse.unserved_w) == (False, 1_000.0)
    assert not any(live(world).energised for _ in range(9))
    home.power_w = -4_000.0
    assert live(world).energised
    assert live(world).energised
    assert world.power_w("backup") == 4_000.0


def test_power_on_a_dead_bus_is_a_mistake_that_names_its_maker(world: World) -> None:
    class Stubborn:
        def step(self, bus: Bus, dt_s: float) -> float:
            return 7.0

    world.attach("stubborn", Stubborn())
    world.grid.fail()

    with pytest.raises(ValueError, match=r"stubborn says 7\.0 W on main, which is dead"):
        live(world)


@pytest.mark.parametrize("power_w", [float("nan"), float("inf"), 1e12])
def test_absurd_powers_are_refused(world: World, power_w: float) -> None:
    world.attach("odd", Fixed(power_w))

    with pytest.raises(ValueError, match="absurd"):
        live(world)


def test_circuits_have_meters_and_outages_of_their_own(world: World) -> None:
    world.attach("home", Fixed(-500.0))
    world.attach("shed", Fixed(-80.0), circuit="annex")
    live(world)
    annex = world.circuit("annex")
    annex.grid.fail()
    live(world)

    assert world.grid.power_w == 500.0
    assert not annex.bus.energised
    assert world.power_w("shed") == 0.0
