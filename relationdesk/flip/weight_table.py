"""What each kind of evidence counts: the table. Read by `weights.py`; learned rows are written by `python -m bench.matching.learn`.

bits: the binary logarithm of how many times likelier it makes one human than two. Bits add up, to `matching.START` to begin with: +1
doubles the odds, -1 halves them, +10 is a thousand to one. same, two: shares of the comparisons that showed it, of one human and
of two, among those that no guard stands before; "-" where none did. from: "learned" on invented worlds whose seeds no measurement uses
(docs/matching.md says how); "rule" set by hand, for the reason that bench/matching/learn.py gives beside KEPT, or because too few
comparisons showed it; "vouched" settles it.
"""

TABLE = """
row                same    two     bits   from      words

name.same.rare     0.56613  0.05641  7.2    learned   the same rare name
name.same          0.01850  0.00251  6.6    learned   the same name
name.same.common   0.01870  0.20106  2      rule      the same name, which others have as well
name.spelt         0.09076  0.09439  3.5    learned   the same name in another spelling
name.sound         0.03180  0.03882  3.4    learned   the same name in other letters
name.consonants    -        -        2.4    rule      names of the same consonants
name.short         0.01993  0.04468  2.8    learned   two forms of one name
name.begins        0.00163  0.00363  1.5    rule      a name that may be short for the other
name.initial       0.03652  0.13237  2.2    learned   a name and its initial
name.part          0.04571  0.11030  2.4    learned   most of a name
name.slip          0.01283  0.05250  2.0    learned   nearly the same name
name.slips         0.00010  0.00000  0.5    rule      names with similar letters
name.word          0.05125  0.04133  2.1    learned   one word of a name
name.relative      -        -        -6     rule      another given name
name.renamed       -        -        -6     rule      another family name
name.differ        -        -        -6     rule      different names
name.guise         -        -        -4     rule      a name that only looks the same

mail.vouched       -        -        100    vouched   a mail address that both places vouch for
mail.same          0.00944  0.00140  8      rule      the same mail address
mail.renamed       0.00008  0.00000  8.5    rule      the same mail address
mail.household     0.00010  0.00000  1      rule      a mail address that is perhaps shared
mail.spelling      -        -        6      rule      two spellings of one mail address

phone.same         0.07743  0.03714  2.9    learned   the same telephone number
phone.many         0.00294  0.01871  0.1    learned   a telephone number that several have

page.vouched       -        -        100    vouched   a page that the place has verified
page.card          -        -        100    vouched   your own card
page.both          0.00700  0.00000  8.9    learned   pages that name each other
page.claim         0.13627  0.00503  7.1    learned   a page that one of them names as its own
page.common        0.00788  0.03742  2      rule      a page that both name
page.many          0.00000  0.00363  0.5    rule      a page that several name

handle.rare        0.03429  0.01145  3.9    learned   the same rare handle
handle.same        0.00552  0.00838  1.9    learned   the same handle
handle.common      0.01363  0.02206  1.9    learned   the same handle, which is common
handle.name        0.10349  0.07819  1.1    learned   handles that spell the name alike
handle.spells      0.09174  0.06842  3.0    learned   a handle that spells the name
handle.initial     0.03273  0.07121  2.2    learned   a handle that may stand for the name
handle.guise       -        -        -3     rule      a handle that only looks the same

work.role          0.03173  0.00000  8.6    learned   the same role in one company
work.same          0.13032  0.00586  5.2    learned   the same company
work.domain        0.11817  0.00614  5.0    learned   a mail address that fits the company
work.bio           0.07861  0.00782  3.4    learned   a company that the other one writes of
work.differs       0.02201  0.13516  -2.6   learned   different companies

bio.same           0.01968  0.00335  4.4    learned   the same words about themselves
bio.like           0.00464  0.00028  2.7    learned   similar words about themselves

place.same         -       -        -6     rule      two profiles in one place

talk.words         -        -        6      rule      the same words in both places
talk.each_other    -        -        -5     rule      messages to each other
"""
