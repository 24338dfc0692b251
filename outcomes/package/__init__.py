"""The files of a release, as commissioners get them: from the release and its figures, always the same bytes."""
