"""A lender's spreadsheets, checked row by row and brought into the branch log; or taken back."""
