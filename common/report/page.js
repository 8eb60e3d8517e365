"use strict";
/*
 * What the page can do beyond being read: sort, filter, choose.  It only rearranges, hides and ticks what is
 * there, and writes one command, of which nothing but checked UUIDs is not ours.
 */
(() => {
	const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
	/* One argument of a command may have 128 KiB on Linux; a list longer than this is for jq and a verdict. */
	const MOST = 1000;
	const FEW = 8; /* rows that one sees at a glance need no filter */

	const make = (tag, properties, ...children) => {
		const element = Object.assign(document.createElement(tag), properties);
		element.append(...children);
		return element;
	};
	const rowsOf = (table) => [...table.tBodies[0].rows];

	/* -- Sort -- */

	const UNITS = { d: 86400, h: 3600, m: 60, s: 1 };
	const span = (text) => {
		let seconds = 0;
		for (const [, n, unit] of text.matchAll(/(\d+)([dhms])/g))
			seconds += n * UNITS[unit];
		return seconds;
	};
	/* "2d 3h ago" comes before "now" and "in 5m"; what has no instant comes last. */
	const when = (text) => text === "-" ? Infinity : text.endsWith("ago") ? -span(text) : span(text);
	const number = (text) => {
		if (/^\d+[dhms]\b/.test(text))
			return span(text);
		const value = parseFloat(text.replaceAll(",", ""));
		return Number.isNaN(value) ? -Infinity : value;
	};
	const words = new Intl.Collator("en", { numeric: true }).compare;

	const comparison = (head) => {
		const reading = head.classList.contains("n") ? number : head.classList.contains("w") ? when : null;
		if (reading === null)
			return [(text) => text, words];
		return [reading, (a, b) => a === b ? 0 : a < b ? -1 : 1];
	};

	/* Up, down, and as it came: by urgency. */
	const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
	const sort = (table, head, original) => {
		const order = NEXT[head.getAttribute("aria-sort") ?? "none"];
		for (const other of head.parentNode.cells)
			other.removeAttribute("aria-sort");
		let rows = original;
		if (order !== "none") {
			const [read, compare] = comparison(head);
			const sign = order === "ascending" ? 1 : -1;
			head.setAttribute("aria-sort", order);
			rows = original.map((row) => [read(row.cells[head.cellIndex].textContent), row])
				.sort((a, b) => sign * compare(a[0], b[0])).map((pair) => pair[1]);
		}
		table.tBodies[0].append(...rows);
	};

	const makeSortable = (table) => {
		const original = rowsOf(table);
		if (original.length < 2)
			return;
		for (const head of table.tHead.rows[0].cells) {
			const button = make("button", { type: "button", textContent: head.textContent });
			button.addEventListener("click", () => sort(table, head, original));
			head.replaceChildren(button);
		}
	};

	/* -- Filter -- */

	/* A table none of whose rows is left goes, and with it the section that is nothing but this table. */
	const showTable = (table, some) => {
		const section = table.closest("section");
		if (section.classList.contains("list"))
			section.hidden = !some;
	};

	/* What is said of all rows of a list stands above it once, and is to be found all the same. */
	const commonTo = (table) => table.closest(".list")?.querySelector(":scope > p.quiet")?.textContent.toLowerCase() ?? "";

	/* A field over these tables, or nothing where there is little to see: every word of it has to stand somewhere in a row. */
	const filterOf = (what, tables) => {
		const all = tables.map((table) => [table, rowsOf(table).map((row) => [row, null]), commonTo(table)]);
		const total = all.reduce((sum, [, rows]) => sum + rows.length, 0);
		if (total <= FEW)
			return [];
		const input = make("input", { type: "search", placeholder: "Filter " + what, spellcheck: false, autocomplete: "off" });
		const output = make("output");
		input.setAttribute("aria-label", "Filter " + what);
		input.addEventListener("input", () => {
			const wanted = input.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
			let shown = 0;
			for (const [table, rows, common] of all) {
				let here = 0;
				for (const entry of rows) {
					entry[1] ??= [...entry[0].cells].map((cell) => cell.textContent).join(" ").toLowerCase();
					const fits = wanted.every((word) => entry[1].includes(word) || common.includes(word));
					if (entry[0].hidden === fits)
						entry[0].hidden = !fits;
					here += fits;
				}
				showTable(table, here > 0);
				shown += here;
			}
			output.textContent = wanted.length === 0 ? "" : `${shown} of ${total}`;
		});
		return [make("div", { className: "tools" }, input, output)];
	};

	/* -- Copy -- */

	/* Where the page comes over plain HTTP there is no clipboard to ask for: the text is selected instead. */
	const copy = async (code, button) => {
		try {
			await navigator.clipboard.writeText(code.textContent);
			button.textContent = "Copied";
		} catch {
			getSelection().selectAllChildren(code);
			button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
		}
		setTimeout(() => {
			button.textContent = "Copy";
		}, 2000);
	};

	const makeCopyable = (pre) => {
		const button = make("button", { type: "button", textContent: "Copy" });
		button.addEventListener("click", () => copy(pre.firstChild, button));
		const box = make("div", { className: "copyable" });
		pre.replaceWith(box);
		box.append(pre, button);
		return box;
	};

	/* -- Choose -- */

	const chosen = new Map(); /* ids, and the rows that show them: a workspace may stand in two tables */

	/* The names stand beside the commands, never in them. */
	const STEPS = [
		["1. See the plan; nothing is stopped:", (ids) =>
			`cws-fetch | jq -c 'select(.id | IN(\n  ${ids.map((id) => `"${id}"`).join(",\n  ")}))' |\n` +
			`  tee chosen.ndjson | cws-stop -f --max ${ids.length} | cws-report`],
		["2. Within 15 minutes stop them (-x), and keep what was done:", (ids) => `cws-stop -f --max ${ids.length} -x <chosen.ndjson >stopped.ndjson`],
		["3. The way back, as a plan; cws-start -x starts them again:", () => "cws-start <stopped.ndjson | cws-report"],
	];

	const title = make("strong");
	const clear = make("button", { type: "button", textContent: "Clear" });
	const names = make("ul", { className: "names" });
	const codes = STEPS.map(() => make("code"));
	const commands = make("div", {}, ...STEPS.flatMap(([what], i) => {
		const pre = make("pre", { className: "code", tabIndex: 0 }, codes[i]);
		const holder = make("div", {}, pre);
		makeCopyable(pre);
		return [make("p", { textContent: what }), holder];
	}));
	const advice = make("p");
	const tray = make("aside", { className: "tray", hidden: true }, make("div", { className: "bar" }, title, clear), names, commands, advice);
	tray.setAttribute("aria-label", "The commands for the chosen workspaces");
	title.setAttribute("aria-live", "polite");

	const showTray = () => {
		const ids = [...chosen.keys()];
		const tooMany = ids.length > MOST;
		tray.hidden = ids.length === 0;
		document.body.classList.toggle("choosing", ids.length > 0);
		title.textContent = `${ids.length} chosen`;
		names.hidden = commands.hidden = tooMany;
		STEPS.forEach(([, command], i) => {
			codes[i].textContent = tooMany ? "" : command(ids);
		});
		names.replaceChildren(...(tooMany ? [] : ids.map((id) =>
			make("li", {}, make("span", { textContent: chosen.get(id).querySelector(".ws").textContent }), " ", make("code", { textContent: id })))));
		advice.textContent = tooMany
			? `A command takes ${MOST} at most: choose fewer, or let a verdict choose.`
			: `-f stops what you chose though no rule asks for it; what a rule keeps stays. --max ${ids.length} refuses to stop more.`;
	};

	const choose = (row, on) => {
		const id = row.dataset.id;
		for (const other of twins.get(id)) {
			other.classList.toggle("chosen", on);
			other.cells[0].firstChild.checked = on;
		}
		if (on)
			chosen.set(id, row);
		else
			chosen.delete(id);
	};

	const twins = new Map();
	const boxOf = (label) => {
		const box = make("input", { type: "checkbox" });
		box.setAttribute("aria-label", label);
		return box;
	};

	const makeChoosable = (table) => {
		const rows = rowsOf(table).filter((row) => UUID.test(row.dataset.id ?? ""));
		if (rows.length === 0)
			return;
		const whole = boxOf("Choose all that are shown here");
		for (const row of rowsOf(table))
			row.insertCell(0).className = "pick";
		for (const row of rows) {
			row.cells[0].append(boxOf("Choose " + row.cells[1].textContent));
			twins.set(row.dataset.id, [...(twins.get(row.dataset.id) ?? []), row]);
		}
		table.tHead.rows[0].prepend(make("th", { className: "pick", scope: "col" }, whole));
		table.addEventListener("change", (event) => {
			if (event.target === whole)
				rows.filter((row) => !row.hidden).forEach((row) => choose(row, whole.checked));
			else
				choose(event.target.closest("tr"), event.target.checked);
			whole.checked = rows.every((row) => chosen.has(row.dataset.id));
			showTray();
		});
		clear.addEventListener("click", () => {
			whole.checked = false;
		});
	};

	clear.addEventListener("click", () => {
		for (const row of [...chosen.values()])
			choose(row, false);
		showTray();
	});

	/* -- All of it -- */

	document.querySelectorAll("pre.code").forEach(makeCopyable);
	for (const table of document.querySelectorAll("table.rows, table.facts"))
		makeSortable(table);
	for (const table of document.querySelectorAll("table.rows"))
		makeChoosable(table);
	const lists = document.querySelector(".lists");
	lists?.prepend(...filterOf("workspaces, templates, reasons", [...lists.querySelectorAll("table.rows")]));
	for (const section of document.querySelectorAll("section:not(.list)")) {
		const tables = [...section.querySelectorAll(":scope > .scroll > table")].filter((table) => rowsOf(table).length > FEW);
		tables[0]?.parentNode.before(...filterOf("these rows", tables));
	}
	document.body.append(tray);
})();
