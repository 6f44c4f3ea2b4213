"""How the weights that Daybook ships were made. Needs `pip install lightgbm numpy`; Daybook itself does not."""
