"""The submission bundle: what an agency or a third party hands in."""

from data.bundle.bundle import Bundle, read_bundle
from data.bundle.checks import Known
from data.bundle.errors import BundleError, BundleErrors
from data.bundle.intake import Receipt, take_in

__all__ = ["Bundle", "BundleError", "BundleErrors", "Known", "Receipt", "read_bundle", "take_in"]
