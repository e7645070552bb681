"""The architecture of any model, from the best that is known of it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInputError
from core.memory import architectures, catalogue_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.memory.architectures import Architecture


def resolve(model_id: str, params_b: float | None, config: Mapping[str, Any] | None = None) -> Architecture:
    """The embedded architecture, else that of ``config``, of the catalogue, or a typical one of ``params_b``.

    Args:
        model_id: the model on the Hub.
        params_b: its parameters in billions, where known.
        config: its ``config.json``, where known. One that can't be used, or that contradicts ``params_b``,
            is left aside; ``caveat`` of the result says why.

    Raises:
        InvalidInputError: the model is not known, its configuration is of no use, and it has no usable size.
    """
    if found := architectures.get(model_id):
        return found
    size = None if params_b is None or math.isnan(params_b) else params_b
    refused = ""
    if config:
        try:
            described = architectures.from_config(config, name=model_id[:96])
        except InvalidInputError as error:
            refused = error.what
        else:
            refused = _contradiction(described, size)
            if not refused:
                return described
    if not refused and (catalogued := catalogue_shapes.get(model_id)):
        return catalogued
    if size is None:
        raise InvalidInputError(
            refused or f"Neither the layer sizes nor the parameter count of {model_id[:96]} are known.",
            source=model_id[:96],
            remedy="Give the model's config.json, or its size in billions of parameters.",
        )
    return replace(architectures.from_size(size, name=model_id), caveat=refused)


def _contradiction(shape: Architecture, params_b: float | None) -> str:
    """Why a configuration can't be that of a model with so many parameters; "" if it can."""
    counted = shape.stored_parameters / 1e9
    # Encoders of images or sound beside the text model add some; a kind of model not known here adds more.
    if params_b is None or abs(counted - params_b) <= 0.25 * params_b:
        return ""
    return (
        f"The config.json of {shape.name} adds up to {counted:,.2f} billion parameters, its files hold "
        f"{params_b:,.2f} billion."
    )
