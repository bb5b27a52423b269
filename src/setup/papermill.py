"""Parameters of `papermill` (`-p epochs 3`) as Rust: what a notebook in another language has from papermill itself.

Written by the course's set-up. papermill loads it by its entry point, before it looks for a translator.
"""

import math
import re

from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class RustTranslator(Translator):
    """Whole numbers become `usize` (negative ones `i64`), others `f32`, as the course's library takes them."""

    @classmethod
    def translate_none(cls, val):
        return "None::<f32>"

    @classmethod
    def translate_int(cls, val):
        return f"{val}_{'usize' if val >= 0 else 'i64'}"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "f32::NAN"
        if math.isinf(val):
            return "f32::INFINITY" if val > 0 else "f32::NEG_INFINITY"
        return f"{val}_f32"

    @classmethod
    def translate_str(cls, val):
        known = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
        text = "".join(known.get(c) or (c if c.isprintable() else f"\\u{{{ord(c):x}}}") for c in val)
        return f'String::from("{text}")'

    @classmethod
    def translate_list(cls, val):
        values = ", ".join(cls.translate(value) for value in val)
        return f"vec![{values}]" if val else "Vec::<f32>::new()"

    @classmethod
    def translate_dict(cls, val):
        pairs = ", ".join(f"({cls.translate_str(str(key))}, {cls.translate(value)})" for key, value in val.items())
        return f"std::collections::HashMap::from([{pairs}])"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        made = re.compile(r"^let\s+(?:mut\s+)?(\w+)\s*(?::\s*([^=]+?))?\s*=\s*(.*?);\s*(?://\s*(.*))?$")
        found = filter(None, map(made.match, parameters_cell["source"].splitlines()))
        return [Parameter(name, of or "None", value, said or "") for name, of, value, said in map(re.Match.groups, found)]


papermill_translators.register("rust", RustTranslator)


class NoEngine:
    """papermill asks for its engines early, which is why this module is one of them."""
