"""What each kind of evidence counts: the table. Read by `weights.py`; learned rows are written by `python -m bench.matching.learn`.

bits: the binary logarithm of how many times likelier it makes one human than two. Bits add up, to `matching.START` to begin with: +1
doubles the odds, -1 halves them, +10 is a thousand to one. same, two: shares of the comparisons that showed it, of one human and
of two, among those that no guard stands before; "-" where none did. from: "learned" on invented worlds whose seeds no measurement uses
(docs/matching.md says how); "rule" set by hand, for the reason that bench/matching/learn.py gives beside KEPT, or because too few
comparisons showed it; "vouched" settles it.
"""

TABLE = """
row                same    two     bits   from      words

name.same.rare     0.56117  0.05742  5.0    learned   the same rare name
name.same          0.01844  0.00256  5.0    learned   the same name
name.same.common   0.01906  0.20466  2      rule      the same name, which others have as well
name.spelt         0.09012  0.09608  3.4    learned   the same name in another spelling
name.sound         0.03148  0.03866  3.3    learned   the same name in other letters
name.consonants    -        -        2.4    rule      names of the same consonants
name.short         0.01991  0.04548  2.7    learned   two forms of one name
name.begins        0.00159  0.00370  1.5    rule      a name that may be short for the other
name.initial       0.03743  0.14070  2.1    learned   a name and its initial
name.part          0.04555  0.11342  2.3    learned   most of a name
name.slip          0.01394  0.05372  1.9    learned   nearly the same name
name.slips         0.00017  0.00000  0.5    rule      names with similar letters
name.word          0.04923  0.02587  2.3    learned   one word of a name
name.relative      -        -        -6     rule      another given name
name.renamed       -        -        -6     rule      another family name
name.differ        -        -        -6     rule      different names
name.guise         -        -        -4     rule      a name that only looks the same

mail.vouched       -        -        100    vouched   a mail address that both places vouch for
mail.same          0.00936  0.00142  8      rule      the same mail address
mail.renamed       0.00007  0.00000  8.5    rule      the same mail address
mail.household     0.00010  0.00000  1      rule      a mail address that is perhaps shared
mail.shared        -        -        -6     rule      others who have the mail address
mail.spelling      -        -        6      rule      two spellings of one mail address

phone.same         0.07668  0.03326  3.1    learned   the same telephone number
phone.many         0.00289  0.01734  0.4    learned   a telephone number that several have

picture.mail       -        -        7      rule      a picture that is filed under the mail address
picture.same       -        -        5      rule      the same picture

page.vouched       -        -        100    vouched   a page that the place has verified
page.card          -        -        100    vouched   your own card
page.both          0.00694  0.00000  8.9    learned   pages that name each other
page.claim         0.13509  0.00512  7.1    learned   a page that one of them names as its own
page.common        0.00772  0.03439  5      rule      a page that both name
page.many          0.00005  0.00711  0.5    rule      a page of a firm or of several people

handle.rare        0.03407  0.01194  3.9    learned   the same rare handle
handle.same        0.00557  0.00796  2.2    learned   the same handle
handle.common      0.01207  0.02103  2.2    learned   the same handle, which is common
handle.name        0.11038  0.08442  2.1    learned   handles that spell the name alike
handle.spells      0.09131  0.06907  3.0    learned   a handle that spells the name
handle.initial     0.03370  0.07305  2.3    learned   a handle that may stand for the name
handle.guise       -        -        -3     rule      a handle that only looks the same

work.role          0.03158  0.00000  9.0    learned   the same role in one company
work.same          0.13614  0.00654  5.4    learned   the same company
work.domain        0.11078  0.00569  5.4    learned   a mail address that fits the company
work.bio           0.07795  0.00796  3.7    learned   a company that the other one writes of
work.differs       0.02180  0.13360  -2.1   learned   different companies

bio.same           0.01951  0.00341  4.3    learned   the same words about themselves
bio.like           0.00460  0.00028  2.6    learned   similar words about themselves

place.same         -        -        -4     rule      two profiles in one place

talk.often         -        -        9      rule      the same words in both places at the same time, several times
talk.minutes       -        -        7      rule      the same words in both places at the same time
talk.words         -        -        6      rule      the same words in both places
talk.each_other    -        -        -5     rule      messages to each other
"""
