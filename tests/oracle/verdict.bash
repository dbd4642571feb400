# What tests of laws share.

# verdict NAME FORMULA EXPECTED MEASURED TOLERANCE(relative)
verdict() {
	awk -v name="$1" -v formula="$2" -v e="$3" -v m="$4" -v tol="$5" 'BEGIN {
		ok = (m - e <= e * tol && e - m <= e * tol)
		printf "# %s: %s; expected %g, measured %g: %s\n", name, formula, e, m, ok ? "holds" : "VIOLATED"
		exit !ok }' >&3
}

# awk: ns since the epoch of a decimal number of seconds, exactly
# shellcheck disable=SC2034
ns='function ns(s,  p) { p = index(s, "."); if (!p) return (s "000000000") + 0; return substr(s, 1, p - 1) * 1000000000 + substr(substr(s, p + 1) "000000000", 1, 9) }'
