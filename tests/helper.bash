# Loaded by every bats file: the built filters on PATH, and where the real data is.
bats_require_minimum_version 1.5.0
BUILD="${BUILD:-$BATS_TEST_DIRNAME/../build}"
PATH="$BUILD/bin:$PATH"
unset QOS_CONFIG NO_COLOR

# The folder of the real data (licences keep it out of the repository), or skip.
need_data() {
	DATA="${QOS_TEST_DATA:-$BATS_TEST_DIRNAME/../../shared/data}"
	[ -d "$DATA" ] || DATA="$BATS_TEST_DIRNAME/../../../shared/data"
	[ -e "$DATA/$1" ] || skip "no real data: $1 is not here"
}

# A peer program, or skip.
need() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}
