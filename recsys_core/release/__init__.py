"""Shares and flows that may be published: differentially private (Dwork, McSherry, Nissim, Smith 2006)."""
