"""A deletion certificate as a file, which can be kept where nobody who purges can write."""

from __future__ import annotations

from datetime import UTC

from inspections.models import DeletionCertificate
from ratings.models import HistoryLink
from ratings.results.document import canonical, digest
from ratings.results.document.canonical import Json
from ratings.results.history import Head
from ratings.results.signing import sign_if_configured

SCHEMA = "deletion-certificate/1"


def head_after(certificate: DeletionCertificate) -> Head | None:
    """The certificate's own entry in the chain: its digest stands for all before and for it."""
    link = HistoryLink.objects.filter(
        inspection_id=certificate.inspection_id,
        source=DeletionCertificate._meta.db_table,
        row=str(certificate.pk),
    ).first()
    return None if link is None else Head(link.number, link.sha256)


def document_of(certificate: DeletionCertificate) -> dict[str, Json]:
    """What the certificate says, as the file has it."""
    after = head_after(certificate)
    return {
        "schema": SCHEMA,
        "inspection": certificate.inspection_id,
        "service": certificate.inspection.service.name,
        "seal_sha256": certificate.seal_sha256,
        "published_date": certificate.published_date.isoformat(),
        "months": certificate.months,
        "removed_at": certificate.removed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "removed_by": certificate.removed_by,
        "database_role": certificate.database_role,
        "rows": certificate.rows,
        "entries": certificate.entries,
        "head_before": {"entries": certificate.head_number, "sha256": certificate.head_sha256},
        "head_after": None if after is None else {"entries": after.number, "sha256": after.sha256},
    }


def certificate_file(certificate: DeletionCertificate) -> bytes:
    """Canonical JSON: the document, its digest, and a signature where this service signs seals."""
    document = document_of(certificate)
    signature = sign_if_configured(document)
    signed: dict[str, Json] = {} if signature is None else {"signature": signature.in_file}
    file: dict[str, Json] = {"document": document, "sha256": digest(document), **signed}
    return canonical(file) + b"\n"
