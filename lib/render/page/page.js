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
		const u = units.find(function (v) { return Math.abs(x) >= v[0] * 0.9995; }) || units[6];
		return round(x / u[0]) + u[1];
	}
	function scaled(x, unit) {
		const steps = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
		const u = steps.find(function (v) { return Math.abs(x) >= v[0]; }) || [1, ''];
		return round(x / u[0]) + u[1] + unit;
	}
	const percent = function (x) {
		return (Math.abs(x - 1) < 1e-12 ? '100' : (100 * x).toPrecision(4).replace(/\.?0+$/, '')) + '%'; };
	const show = { s: seconds, bps: function (x) { return scaled(x, 'bit/s'); },
		n: function (x) { return scaled(x, ''); },
		share: percent };

	function style(i, more) {
		return Object.assign({ borderColor: colors[i % 8], backgroundColor: colors[i % 8], borderWidth: 1.6,
			borderDash: dashes[Math.floor(i / 8) % 4], pointRadius: 0, pointHitRadius: 6, tension: 0 },
				more);
	}
	function axis(title, format, type) {
		return { type: type || 'linear', title: { display: !!title, text: title || '', color: css('--dim') },
			grid: { color: css('--line') }, border: { color: css('--line') },
			ticks: { color: css('--dim'), maxTicksLimit: type === 'logarithmic' ? 12 : 8, autoSkip: true,
				callback: function (v) {
					const power = /^1(e|$|0*$|\.0*$)/.test(Number(v).toExponential());
					if (type === 'logarithmic' && !power) return null;
					return show[format](Number(v));
				} } };
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
			const smooth = name === 'rate' || name === 'drops', all = g[name] || [];
			const n = smooth ? Math.ceil(all.length / 128) : 1, w = n * data.width;
			const points = (n > 1 ? means(all, n) : all).map(function (v, k) {
				return { x: data.offset + (k + 0.5) * w, y: v };
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
				data: g.cdf.map(function (p) { return { x: p[0], y: p[1] }; }) }));
			if (g.target) cdf.push(style(i, { label: g.name + ' target', borderWidth: 1, borderDash: [3, 4],
				data: [{ x: g.target, y: 0 }, { x: g.target, y: 1 }] }));
		});
		const cdfy = axis('records within', 'share');
		cdfy.min = 0; cdfy.max = 1;
		chart('cdf', 'line', cdf, axis('latency', 's', 'logarithmic'), cdfy, 's', 'share');
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
		const charted = [['rate', 'bps'], ['backlog', 'n'], ['latency', 's'], ['drops', 'n']];
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
