"""Registers: rows about people, counted once each without keeping who they are.

Pure: nothing here knows the database or the site. In order: `reading` turns a file into rows and refusals,
`pseudonyms` turns what identifies somebody into keyed pseudonyms, `linking` says which of them are one person,
`counting` counts people.
"""
