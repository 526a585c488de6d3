"""Every write to lists of cases, draws, and what changes a sample after its draw."""

from cases.sampling.actions.changes import (
    AlreadySampled,
    NewCase,
    NoReserve,
    add_case,
    came_in_place_of,
    next_reserve,
    put_back_case,
    replace_case,
)
from cases.sampling.actions.draws import DRAWN_SINCE, DrawRequest, draw_sample
from cases.sampling.actions.lists import (
    AlreadyTaken,
    DrawnSince,
    NothingToTake,
    choose_case,
    discard_list,
    store_list,
    take_list,
    withdraw_list,
)

__all__ = [
    "DRAWN_SINCE",
    "AlreadySampled",
    "AlreadyTaken",
    "DrawRequest",
    "DrawnSince",
    "NewCase",
    "NoReserve",
    "NothingToTake",
    "add_case",
    "came_in_place_of",
    "choose_case",
    "discard_list",
    "draw_sample",
    "next_reserve",
    "put_back_case",
    "replace_case",
    "store_list",
    "take_list",
    "withdraw_list",
]
