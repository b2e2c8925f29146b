"""What is known of the FranklinWH cloud and its hardware, as tables: one line, one fact.

Evidence is named by kind: *capture* (live traffic of a US and an AU system), *clients* (two published clients agree),
*owner* (one owner or one tool says so), *contract* (the documented surface of this family), *assumed* (sources are
silent or contradict each other, and this is the choice made here).
"""
