"""What each kind of evidence counts: the table. Read by `weights.py`.

bits: the binary logarithm of how many times as often this is seen with the same person as with two people whom the finder compares
at all. Bits add up: +1 doubles the odds, -1 halves them, +10 is a thousand to one. same, two: shares of the compared pairs that
show it, when they are one human and when they are two; "-" where nobody counted. from: "rule" were set by hand; "vouched" settles it.
"""

TABLE = """
row                same    two     bits   from      words

name.same.rare     -       -       4.0    rule      the same rare name
name.same          -       -       3.0    rule      the same name
name.same.common   -       -       2.2    rule      the same name, which others have as well
name.spelt         -       -       2.8    rule      the same name in another spelling
name.sound         -       -       2.6    rule      the same name in other letters
name.consonants    -       -       2.4    rule      names of the same consonants
name.short         -       -       2.4    rule      two forms of one name
name.initial       -       -       2.2    rule      a name and its initial
name.part          -       -       2.2    rule      most of a name
name.slip          -       -       1.5    rule      nearly the same name
name.slips         -       -       0.5    rule      names with similar letters
name.word          -       -       0.5    rule      one word of a name
name.relative      -       -       -6.0   rule      another given name
name.renamed       -       -       -6.0   rule      another family name
name.differ        -       -       -6.0   rule      different names
name.guise         -       -       -4.0   rule      a name that only looks the same

mail.vouched       -       -       100    vouched   a mail address that both places vouch for
mail.same          -       -       8.0    rule      the same mail address
mail.renamed       -       -       8.5    rule      the same mail address
mail.household     -       -       1.0    rule      a mail address that is perhaps shared
mail.spelling      -       -       6.0    rule      two spellings of one mail address

phone.same         -       -       5.0    rule      the same telephone number
phone.many         -       -       0.5    rule      a telephone number that several have

page.vouched       -       -       100    vouched   a page that the place has verified
page.card          -       -       100    vouched   your own card
page.both          -       -       12.0   rule      pages that name each other
page.claim         -       -       7.0    rule      a page that one of them names as its own
page.common        -       -       5.0    rule      a page that both name
page.many          -       -       0.5    rule      a page that several name

handle.rare        -       -       5.0    rule      the same rare handle
handle.same        -       -       4.0    rule      the same handle
handle.common      -       -       1.0    rule      the same handle, which is common
handle.name        -       -       1.0    rule      handles that spell the name alike
handle.spells      -       -       2.6    rule      a handle that spells the name
handle.initial     -       -       1.5    rule      a handle that may stand for the name
handle.guise       -       -       -3.0   rule      a handle that only looks the same

work.role          -       -       3.0    rule      the same role in one company
work.same          -       -       2.0    rule      the same company
work.domain        -       -       1.5    rule      a mail address that fits the company
work.bio           -       -       1.5    rule      a company that the other one writes of
work.differs       -       -       -1.5   rule      different companies

bio.same           -       -       6.0    rule      the same words about themselves
bio.like           -       -       3.0    rule      similar words about themselves

place.same         -       -       -4.0   rule      two profiles in one place

talk.words         -       -       6.0    rule      the same words in both places
talk.each_other    -       -       -5.0   rule      messages to each other
"""
