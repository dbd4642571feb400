#!/usr/bin/env bats
# The page of qos-stats --html: whole, safe, right, and drawn by a browser without a complaint.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# browse FILE OPTION...: a browser's output; its own log is on stderr
browse() {
	local file=$1
	shift
	HOME="$PWD" timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --enable-logging=stderr \
		--virtual-time-budget=3000 "$@" "file://$PWD/$file"
}

trace() {
	qos-gen -n 20000 --rate 2k/s --with-class --labels --seed 4 |
		qos-route --capacity 1900/s -l 300 --set router.max_concurrent_streams=100000 --keep-drops -a 'one=sim:?rate=1k/s' >r.csv
}

@test "a browser draws the page without a complaint, with the numbers of the JSON" {
	need chromium
	trace
	qos-stats --html r.html r.csv >/dev/null
	qos-stats -F json r.csv >r.json
	browse r.html --dump-dom >dom 2>log
	! grep CONSOLE log
	[ "$(grep -c '<canvas' dom)" = 7 ]
	# those that Chart.js has drawn have a size of their own, and their figures are shown
	[ "$(grep -o '<canvas[^>]*style="display: block' dom | wc -l)" -ge 5 ]
	jq -r '.classes[] | "\(.class) \(.count) \([.drops[]] | add // 0)"' r.json >classes
	[ "$(wc -l <classes)" = 5 ]
	while read -r class count drops; do
		[ "$drops" = 0 ] && drop="<td>0</td>" || drop="<td class=\"bad\">$drops!</td>"
		tr -d '\n' <dom | grep -qE "<bdi>$class</bdi></td><td>$count</td><td>[^<]*</td>$drop"
	done <classes
	jq -r '.. | .quantiles? // empty' <(sed -n 's/.*id="data">\(.*\)<\/script>.*/\1/p' dom) | grep -q .
}

@test "a complaint of the page would be seen" {
	need chromium
	printf '<!DOCTYPE html><script>JSON.parse("{")</script>' >broken.html
	browse broken.html --dump-dom >/dev/null 2>log
	grep -q CONSOLE log
}

@test "names from hostile logs neither run nor break the page" {
	printf 'ts,class,depart,tenant,drop\n1,critical,1.5,"</script><script>document.title=1</script>",\n2,critical,2.1,"<img src=x onerror=console.error(1)>",\n3,critical,,"a"," <b>x</b>"\n' >h.csv
	qos-stats -F html --by tenant h.csv >h.html
	! grep -q '<img' h.html
	! grep -q '<b>x' h.html
	[ "$(grep -o '<script' h.html | wc -l)" = 3 ]
	need chromium
	browse h.html --dump-dom >dom 2>log
	! grep CONSOLE log
	grep -q '<title>qos-stats report</title>' dom
	grep -qF '&lt;img src=x onerror=console.error(1)&gt;' dom
}

@test "the page is readable without a script, and asks the network for nothing" {
	trace
	qos-stats -F html --slo 'critical: 1% < 1h' r.csv >r.html
	grep -q "default-src 'none'" r.html
	! grep -qE '(src|href)="?https?:|@import|url\(' r.html
	sed 's/<script.*//' r.html >plain
	for word in '<h2>Classes</h2>' '<h2>Error budgets</h2>' '<h2>Drops</h2>' '<h2>Congestion' '<h2>Adapters</h2>' '<h2>Labels' \
		'Over time, as a table' 'qos-stats -F html --slo &#39;critical: 1% &lt; 1h&#39; r.csv' 'latency_target: 10ms'; do
		grep -qF "$word" plain
	done
}

@test "nothing is a page, too; a place that cannot be written is an error" {
	qos-stats -F html /dev/null | grep -q '</html>'
	run -4 qos-stats --html /nowhere/r.html /dev/null
	need chromium
	qos-stats --html e.html /dev/null >/dev/null
	browse e.html --dump-dom >/dev/null 2>log
	! grep CONSOLE log
}
