"""One SOAP exchange on the wire; what logs in never reaches the evidence or a message."""

from __future__ import annotations

import re
import secrets
from copy import deepcopy
from dataclasses import replace
from datetime import datetime

from lxml import etree

from collectors.device import Device, Reply
from collectors.protocols.onvif import soap

DEVICE_PATH = "/onvif/device_service"
NONCE_BYTES = 16
_USER_IN_URL = re.compile(rb"://[^/@\s<>\"']+@")


def send(
    device: Device, path: str, service: str, operation: str, *content: etree._Element, created: datetime | None
) -> etree._Element:
    """The response element of `operation`; with a token when `created`, the time by the device's clock, is given."""
    reply = exchange(device, path, service, operation, *content, created=created)
    return soap.answer_of(reply, operation, f"{device.address}{path} ({operation})")


def exchange(
    device: Device, path: str, service: str, operation: str, *content: etree._Element, created: datetime | None
) -> Reply:
    namespace = soap.SERVICES[service]
    kept = sent = soap.envelope(soap.node(namespace, operation, *deepcopy(content)))
    digest = ""
    if created is not None and device.secret is not None:
        nonce, stamp = secrets.token_bytes(NONCE_BYTES), f"{created:%Y-%m-%dT%H:%M:%SZ}"
        digest = soap.password_digest(device.secret.password, nonce, stamp)
        header = soap.security(device.secret.user, digest, nonce, stamp)
        sent = soap.envelope(soap.node(namespace, operation, *deepcopy(content)), header)
    reply = device.search(
        path, sent, content_type=f'application/soap+xml; charset=utf-8; action="{namespace}/{operation}"', kept=kept
    )
    reply = replace(reply, body=_cleaned(reply.body, digest))
    device.exchanges[-1] = replace(device.exchanges[-1], body=reply.body)
    return reply


def _cleaned(body: bytes, digest: str) -> bytes:
    """Without the users and passwords of cameras that some devices show, and without our token should it come back."""
    body = _USER_IN_URL.sub(b"://***@", body)
    return body.replace(digest.encode(), b"***") if digest else body
