#!/usr/bin/env bats
# Colours that published meters give, or that follow from the RFCs, counted over millions of packets without rounding.
load ../helper

# METER PACKETS GAP_NUM GAP_DEN SIZE [COLOUR] must have these counts of green, yellow, red
colors() {
	run -0 "$BUILD/tests/oracle/police" "${@:2}"
	echo "# ${*:2}: $output" >&3
	[ "$output" = "$1" ]
}

@test "VPP's vector: 20,000 packets of 500 bytes in 10 s" {
	local k="20000 500000 1 500"
	colors "20000 0 0" gcra,rate=8500kbit,burst=100kB $k
	colors "17699 0 2301" gcra,rate=7mbit,burst=100kB $k
	colors "17699 400 1901" srtcm,cir=7mbit,cbs=100kB,ebs=200kB $k
	colors "0 17899 2101" srtcm,cir=7mbit,cbs=100kB,ebs=200kB,aware $k yellow
	colors "0 0 20000" srtcm,cir=7mbit,cbs=100kB,ebs=200kB,aware $k red
	colors "17699 2301 0" trtcm,cir=7mbit,cbs=100kB,pir=9mbit,pbs=200kB $k
	colors "17699 1450 851" trtcm,cir=7mbit,cbs=100kB,pir=7500kbit,pbs=200kB $k
	colors "0 19149 851" trtcm,cir=7mbit,cbs=100kB,pir=7500kbit,pbs=200kB,aware $k yellow
	colors "17699 1550 751" trtcm4115,cir=7mbit,cbs=100kB,eir=500kbit,ebs=200kB $k
	colors "17699 2301 0" trtcm4115,cir=7mbit,cbs=100kB,eir=2mbit,ebs=200kB $k
}

@test "DPDK's sample: 14,880,000 packets of 46 bytes in 1 s" {
	local k="14880000 1000000000 14880000 46"
	colors "1000044 500000 13379956" trtcm,cir=46MB/s,cbs=2048,pir=69MB/s,pbs=2048 $k
	colors "1000044 44 13879912" srtcm,cir=46MB/s,cbs=2048,ebs=2048 $k
}
