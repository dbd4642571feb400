/* Charts over the numbers in the page; without them its tables say the same. */
'use strict';
(function () {
	const data = JSON.parse(document.getElementById('data').textContent);
	/* Okabe and Ito's colours, which stay apart for colour-blind eyes */
	const colors = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#8c8c00', '#8b5fbf'];
	const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
	const charts = [];

	function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
	function round(x) { return x >= 100 ? x.toFixed(0) : String(+x.toPrecision(3)); }
	function seconds(x) {
		if (x === 0) return '0';
		const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's'],
			[1e-3, 'ms'], [1e-6, 'us'], [1e-9, 'ns']];
		const fits = units.filter(function (v) { return Math.abs(x) >= v[0] * 0.9995; });
		/* 80min, not 1.33h */
		const short = function (v) { return Math.abs(2 * x / v[0] - Math.round(2 * x / v[0])) < 1e-6; };
		const u = fits.slice(0, 2).find(short) || fits[0] || units[6];
		return round(x / u[0]) + u[1];
	}
	function scaled(x, unit) {
		const steps = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
		const u = steps.find(function (v) { return Math.abs(x) >= v[0]; }) || [1, ''];
		return round(x / u[0]) + u[1] + unit;
	}
	const percent = function (x) {
		return (Math.abs(x - 1) < 1e-12 ? '100' : (100 * x).toPrecision(4).replace(/\.?0+$/, '')) + '%'; };
	/* where a logarithmic axis shows what took no time at all */
	const least = data.groups.reduce(function (a, g) {
		return g.cdf.reduce(function (b, p) { return p[0] > 1e-9 && p[0] < b ? p[0] : b; }, a); }, 1);
	const zero = least / 10;
	const any_zero = data.groups.some(function (g) { return g.cdf.length && g.cdf[0][0] <= 1e-9; });
	/* records a day where they are few */
	const most = data.groups.reduce(function (a, g) { return Math.max.apply(null, g.count.concat(a)); }, 0);
	const per = [[1, '/s'], [60, '/min'], [3600, '/h'], [86400, '/d']].find(function (u) {
		return most * u[0] >= 1; }) || [86400, '/d'];
	const show = { cdf: function (x) { return x <= zero ? '0' : seconds(x); }, rate: function (x) {
		return scaled(x, per[1]); }, s: seconds, bps: function (x) { return scaled(x, 'bit/s'); },
		n: function (x) { return scaled(x, ''); },
		share: percent };

	function style(i, more) {
		return Object.assign({ borderColor: colors[i % 8], backgroundColor: colors[i % 8], borderWidth: 1.6,
			borderDash: dashes[Math.floor(i / 8) % 4], pointRadius: 0, pointHitRadius: 6, tension: 0 },
				more);
	}
	const times = [10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
		172800, 432000,
		864000, 1728000, 4320000, 8640000, 31536000];
	/* ticks at 20min and 1h, where powers of ten would put them at 16.7min and 1.11h */
	function time_ticks(scale) {
		const step = times.find(function (s) { return (scale.max - scale.min) / s <= 8; });
		if (scale.max - scale.min < 30 || !step) return;
		scale.ticks = [];
		for (let v = Math.ceil(scale.min / step) * step; v <= scale.max * 1.000001; v += step)
			scale.ticks.push({ value: v });
	}
	function log_ticks(scale) {
		const all = [60, 600, 3600, 86400, 864000, 8640000];
		for (let e = -9; e <= 1; e++) all.push(Math.pow(10, e));
		let seen = all.filter(function (v) { return v >= scale.min * 0.999 && v <= scale.max * 1.001; });
		if (seen.length > 9)
			seen = seen.filter(function (v) { return v >= 1 || Math.round(Math.log10(v)) % 3 === 0; });
		scale.ticks = seen.sort(function (a, b) { return a - b; }).map(function (v) { return { value: v }; });
	}
	function axis(title, format, type) {
		return { type: type || 'linear', title: { display: !!title, text: title || '', color: css('--dim') },
			grid: { color: css('--line') }, border: { color: css('--line') },
			ticks: { color: css('--dim'), maxTicksLimit: type === 'logarithmic' ? 12 : 8, autoSkip: true,
				callback: function (v) { return show[format](Number(v)); } },
			afterBuildTicks: format !== 's' ? undefined : type === 'logarithmic' ? log_ticks : time_ticks };
	}
	function chart(id, kind, datasets, x, y, fx, fy) {
		const canvas = document.getElementById(id);
		if (!canvas || !datasets.length) return;
		canvas.closest('figure').classList.remove('none');
		charts.push(new Chart(canvas, { type: kind, data: { datasets: datasets },
			options: { animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
				interaction: { mode: 'nearest', axis: 'x', intersect: false }, scales: { x: x, y: y },
				plugins: { legend: { position: 'bottom', labels: { color: css('--fg'), boxWidth: 14,
					boxHeight: 2,
						filter: function (l) { return !/ target$/.test(l.text); } } },
					tooltip: { callbacks: {
						title: function (t) {
							if (!t.length) return '';
							return fx ? show[fx](t[0].parsed.x) : t[0].label;
						},
						label: function (t) {
							return t.dataset.label + ': ' + show[fy](t.parsed.y);
						} } } } } }));
	}
	/* means of so many bins, since a line through 512 of them hides the others behind its peaks */
	function means(values, n) {
		const out = [];
		for (let k = 0; k < values.length; k += n) {
			const part = values.slice(k, k + n);
			out.push(part.reduce(function (a, b) { return a + b; }, 0) / part.length);
		}
		return out;
	}
	function series(name) {
		return data.groups.map(function (g, i) {
			const smooth = name === 'count' || name === 'rate' || name === 'drops', all = g[name] || [];
			const n = smooth ? Math.ceil(all.length / 128) : 1, w = n * data.width;
			const points = (n > 1 ? means(all, n) : all).map(function (v, k) {
				return { x: data.offset + (k + 0.5) * w, y: name === 'count' ? v * per[0] : v };
			});
			return style(i, { label: g.name, data: points });
		}).filter(function (d) { return d.data.some(function (p) { return p.y > 0; }); });
	}
	function draw() {
		charts.splice(0).forEach(function (c) { c.destroy(); });
		Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
		const cdf = [];
		data.groups.forEach(function (g, i) {
			if (!g.cdf.length) return;
			cdf.push(style(i, { label: g.name, stepped: 'before',
				data: g.cdf.map(function (p) { return { x: Math.max(p[0], zero), y: p[1] }; }) }));
			if (g.target) cdf.push(style(i, { label: g.name + ' target', borderWidth: 1, borderDash: [3, 4],
				data: [{ x: g.target, y: 0 }, { x: g.target, y: 1 }] }));
		});
		const cdfy = axis('records within', 'share');
		cdfy.min = 0; cdfy.max = 1;
		const cdfx = axis('latency', 's', 'logarithmic');
		if (any_zero) cdfx.min = zero;
		chart('cdf', 'line', cdf, cdfx, cdfy, 'cdf', 'share');
		const with_latency = data.groups.filter(function (g) { return g.quantiles; });
		const bars = data.quantiles.map(function (q, k) {
			return style(k, { label: q,
				data: with_latency.map(function (g) { return { x: g.name, y: g.quantiles[k] }; }) });
		});
		if (with_latency.some(function (g) { return g.target; }))
			bars.push({ type: 'line', label: 'target', order: -1, showLine: false, pointStyle: 'line',
				pointRadius: 34, borderWidth: 3,
				pointBorderWidth: 3, pointBorderColor: css('--bad'), borderColor: css('--bad'),
				backgroundColor: css('--bad'),
				data: with_latency.filter(function (g) { return g.target; }).map(function (g) {
					return { x: g.name, y: g.target }; }) });
		const cat = axis('', 'n');
		cat.type = 'category';
		cat.ticks = { color: css('--dim'), autoSkip: false, maxRotation: 40 };
		cat.labels = with_latency.map(function (g) { return g.name; });
		chart('quantiles', 'bar', with_latency.length ? bars : [], cat, axis('latency', 's', 'logarithmic'),
			'', 's');
		const charted = [['count', 'rate'], ['rate', 'bps'], ['backlog', 'n'], ['latency', 's'],
			['drops', 'n']];
		charted.forEach(function (c) {
			const x = axis('since the beginning', 's');
			x.min = 0; x.max = data.duration || undefined;
			const y = axis('', c[1]);
			y.min = 0;
			chart(c[0], 'line', series(c[0]), x, y, 's', c[1]);
		});
	}
	if (typeof Chart === 'undefined') return;
	draw();
	window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
