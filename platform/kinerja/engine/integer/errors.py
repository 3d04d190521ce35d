"""What the integer form cannot do, and what its arithmetic refuses at run time."""

from __future__ import annotations

from ...core.errors import RuleError
from ...feel.syntax import Span


class NotPortable(RuleError):
    """An expression outside the portable subset. The reason names the construct; `span` is where in the text."""

    def __init__(self, reason_id: str, reason_en: str, span: Span | None = None) -> None:
        super().__init__(
            "tidak_portabel",
            f"tidak dapat dihitung dalam bentuk bilangan bulat: {reason_id}",
            f"cannot be computed in the integer form: {reason_en}",
            remedy_id="tulis ulang dengan bagian FEEL yang portabel",
            remedy_en="rewrite it in the portable subset of FEEL",
        )
        self.reason_id = reason_id
        self.reason_en = reason_en
        self.span = span


class Fault(Exception):
    """A named error while computing. Plain and small, since it crosses from the worker: the exact engine writes the sentence."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


NULL = "nilai_null"
TYPE = "tipe_salah"
ZERO_DIVISION = "pembagian_nol"
INDEX = "indeks_di_luar_rentang"
ARGUMENTS = "argumen_salah"
VALUE = "nilai_tidak_sah"
EMPTY_LIST = "daftar_kosong"
NO_PARAMETER = "parameter_tidak_ada"
MISSING = "fakta_hilang"
NO_ROW = "tidak_ada_baris"
TWO_ROWS = "lebih_dari_satu_baris"
NOT_ROUND = "hasil_tidak_bulat"
OUT_OF_RANGE = "hasil_di_luar_rentang"
EMPTY_OUTPUT = "hasil_kosong"
