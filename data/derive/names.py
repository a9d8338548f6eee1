"""Makes `borders/names.csv`: the names by which data sets call each country, folded.

A name is folded as the program folds the ones that it looks up (`src/model/country/names.rs`): without
case, accents, punctuation and small words. Earlier sources count before later ones. A name by which
the languages of CLDR mean two countries is left out; one that stands for several countries stands in
`several.csv`.
"""

import csv
import unicodedata

from packages import read, read_tree

# Languages of which every name is taken; of any other, the names of the countries that it is official in.
LANGUAGES = ["ar", "de", "en", "es", "fa", "fr", "pt", "pt-PT", "ps", "ru", "ur", "zh", "zh-Hant",
             "am", "az", "bg", "bn", "cs", "da", "el", "fi", "ha", "he", "hi", "hu", "id", "it", "ja", "kk", "ko", "ky", "mn",
             "nb", "nl", "pl", "ro", "so", "sr", "sv", "sw", "tg", "tr", "uk", "uz", "vi"]

# Letters that differ from script to script of one alphabet, or that keyboards lack.
LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e",
    "\u06cc": "\u064a", "\u0649": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647", "\u06c1": "\u0647",
    "\u06be": "\u0647", "\u06c3": "\u0647",
}
# Marks that are left out within a word.
SILENT = set("'.`\u2018\u2019\u02bc\u02bb\u2032\u0640\u200b\u200c\u200d\u200e\u200f")
SMALL = {"the", "of", "and"}
SHORT = {"st": "saint", "rep": "republic", "dem": "democratic"}
# How German is written without its own keys.
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def is_mark(c):
    """Whether a letter's mark is left out: accents, and vowels of Arabic script."""
    return "\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u065f" or c == "\u0670"


def parts_words(c):
    """Whether a character stands between words."""
    return (c.isspace() or (c.isascii() and not c.isalnum()) or "\u0080" <= c <= "\u00bf" or c in "\u00d7\u00f7\u30fb\u06d4"
            or "\u2000" <= c <= "\u206f" or "\u3000" <= c <= "\u303f" or "\u060c" <= c <= "\u061f" or "\u066a" <= c <= "\u066d")


def fold(name):
    """The name as it is compared."""
    words, word = [], ""
    for c in unicodedata.normalize("NFKD", name).lower():
        if c in SILENT or is_mark(c):
            continue
        if c == "&":
            words += [word, "and"]
            word = ""
        elif parts_words(c):
            words.append(word)
            word = ""
        else:
            word += LETTERS.get(c, c)
    words = [w for w in [*words, word] if w]
    if len(words) > 1:
        words = [SHORT.get(w, w) for w in words if w not in SMALL] or words
    return "".join(words)


def of_languages(cache, code_of):
    """(code, name) rows of CLDR: whole languages first, then what countries are called in their own."""
    files = {path.split("/")[-2]: found for path, found in read_tree(cache, "cldr_names")}
    territories = {key: next(iter(found["main"].values()))["localeDisplayNames"]["territories"]
                   for key, found in files.items()}
    rows = []
    for language in LANGUAGES:
        for key, name in territories[language].items():
            alpha2, _, alternative = key.partition("-alt-")
            # Short forms of other languages are codes of other countries: R.-U. in French is the United Kingdom.
            if alpha2 in code_of and (language == "en" or alternative != "short"):
                rows.append((code_of[alpha2], name))
                if language == "de":
                    rows.append((code_of[alpha2], name.translate(UMLAUTS)))
    for alpha2, info in read(cache, "cldr_territories")["supplemental"]["territoryInfo"].items():
        for language, facts in info.get("languagePopulation", {}).items():
            own = territories.get(language.replace("_", "-"), {}).get(alpha2)
            if own and alpha2 in code_of and facts.get("_officialStatus") in ("official", "de_facto_official"):
                rows.append((code_of[alpha2], own))
    return rows


def make(cache, out, folder, listed, known, iso):
    """Writes `names.csv` from (code, name) rows of which each must mean one country, and from what
    languages add to them."""
    taken, clashes = {}, {}
    with open(folder / "several.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes = row["codes"].split()
            for code in codes:
                if code not in known:
                    raise SystemExit(f"{row['name']}: no shape has the code {code}")
            taken[fold(row["name"])] = codes
    for code, name in listed:
        if code not in known:
            raise SystemExit(f"{name}: no shape has the code {code}")
        key = fold(name)
        if taken.setdefault(key, [code]) != [code]:
            raise SystemExit(f"{name} stands for both {taken[key]} and {code}")
    code_of = {}
    for alpha2, alpha3, numeric, code in iso:
        code_of[alpha2] = code
        if numeric.isdigit():
            taken[f"#{int(numeric)}"] = [code]
    fixed = set(taken)
    for code, name in of_languages(cache, code_of):
        key = fold(name)
        if key in fixed:
            if taken[key] != [code]:
                print(f"left out: {name} for {code}, since it is {taken[key]}")
        elif taken.setdefault(key, [code]) != [code]:
            clashes.setdefault(key, set(taken[key])).add(code)
    for key, codes in clashes.items():
        print(f"left out: {key}, since it is {sorted(codes)}")
        del taken[key]
    taken.pop("", None)
    rows = sorted((key, " ".join(codes)) for key, codes in taken.items())
    rows.sort(key=lambda row: row[0].encode("utf-8"))
    with open(out / "names.csv", "w", encoding="utf-8", newline="") as file:
        file.write("name,codes\n")
        file.writelines(f"{key},{codes}\n" for key, codes in rows)
    print(f"names.csv: {len(rows)} names")
