/*
 * html_draw.c - the pictures: SVG in percent across and pixels down, so that its letters
 * keep their size whatever the width.  Colours are classes; the policy of the page allows no style
 * attribute.
 */

#include "report/html_parts.h"
#include "report/say.h"

#define UP_PX 112.0   /* of the higher side of all bars */
#define ABOVE_PX 18.0 /* room for a number above the highest */
#define BELOW_PX 24.0 /* room for the hours */

/* One column of a chart; what it says is its title. */
struct column {
	int    hour; /* of the clock, 0 to 23 */
	double up, down;
	double ours; /* of up, the upper part: what only a run of ours would do */
};

struct chart {
	const char          *what; /* the whole chart in words */
	const struct column *column;
	size_t               columns;
	double               px; /* pixels per unit */
	double               base, height;
};

void
html_share(struct buf *b, uint64_t n, uint64_t most, const char *class)
{
	double percent = most == 0 ? 0 : 100 * (double)n / (double)most;

	buf_printf(b,
	        "<svg class=\"bar %s\" aria-hidden=\"true\"><rect width=\"%.1f%%\" "
	        "height=\"100%%\"/></svg>",
	        class, percent);
}

/* -- Columns by the hour --------------------------------------------------------- */

static struct chart
lay_out(const char *what, const struct column *column, size_t columns)
{
	struct chart c = { .what = what, .column = column, .columns = columns };
	double       up = 0, down = 0, most;
	size_t       i;

	for (i = 0; i < columns; i++) {
		up = column[i].up > up ? column[i].up : up;
		down = column[i].down > down ? column[i].down : down;
	}
	most = up > down ? up : down;
	c.px = most > 0 ? UP_PX / most : 0;
	c.base = ABOVE_PX + up * c.px;
	c.height = c.base + down * c.px + (down > 0 ? ABOVE_PX : 0) + BELOW_PX;
	return c;
}

static void
open_chart(struct buf *b, const struct chart *c)
{
	buf_printf(b, "<svg class=\"chart\" role=\"img\" width=\"100%%\" height=\"%.0f\"><title>",
	        c->height);
	html_text(b, c->what);
	buf_puts(b, "</title>\n");
}

static void
close_chart(struct buf *b, const struct chart *c)
{
	buf_printf(b,
	        "<line class=\"base\" x1=\"0\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/></svg>\n",
	        c->base, c->base);
}

/*
 * A side of a column; the smallest that is not nothing can still be seen.  "ours" is drawn over the
 * whole of the upper side, and the server's part of it over that.
 */
static void
put_side(struct buf *b, const struct chart *c, size_t i, double value, const char *class)
{
	double width = 100.0 / (double)c->columns, height = value * c->px;

	if (value <= 0)
		return;
	height = height < 2 ? 2 : height;
	buf_printf(b,
	        "<rect class=\"%s\" x=\"%.2f%%\" width=\"%.2f%%\" y=\"%.1f\" height=\"%.1f\" "
	        "rx=\"2\"/>",
	        class, ((double)i + 0.14) * width, 0.72 * width,
	        class[0] == 'd' ? c->base : c->base - height, height);
}

static void
put_number(struct buf *b, const struct chart *c, size_t i, double value, bool down)
{
	double x = ((double)i + 0.5) * 100 / (double)c->columns;
	double y = down ? c->base + value * c->px + 13 : c->base - value * c->px - 5;

	if (value > 0)
		buf_printf(
		        b, "<text class=\"much\" x=\"%.2f%%\" y=\"%.1f\">%.0f</text>", x, y, value);
}

/* Under every third hour, on narrow screens under every sixth. */
static void
put_hour(struct buf *b, const struct chart *c, size_t i)
{
	int hour = c->column[i].hour;

	if (hour % 3 == 0)
		buf_printf(b, "<text%s x=\"%.2f%%\" y=\"%.1f\">%02d:00</text>",
		        hour % 6 == 0 ? "" : " class=\"fine\"",
		        ((double)i + 0.5) * 100 / (double)c->columns, c->height - 6, hour);
}

/* The whole height answers to the pointer, so that an hour without a bar can be asked too. */
static void
open_column(struct buf *b, const struct chart *c, size_t i)
{
	double width = 100.0 / (double)c->columns;

	buf_printf(b,
	        "<g><rect class=\"hit\" x=\"%.2f%%\" width=\"%.2f%%\" y=\"0\" "
	        "height=\"%.0f\"/><title>",
	        (double)i * width, width, c->height);
}

static void
draw_day(struct buf *b, const struct model *m)
{
	const struct model_day *d = &m->day;
	struct column           column[MODEL_HOURS];
	struct chart            c;
	size_t                  i;

	for (i = 0; i < MODEL_HOURS; i++) {
		int64_t wall = tz_wall(m->options->tz, d->hour[i].from_s);

		column[i] = (struct column){ (int)((wall % 86400 + 86400) % 86400 / 3600),
			(double)d->hour[i].stops, (double)d->hour[i].starts,
			(double)(d->hour[i].stops - d->hour[i].server) };
	}
	c = lay_out("Stops, upwards, and starts, downwards, by the hour", column, MODEL_HOURS);
	buf_puts(b, "<figure><figcaption><span class=\"key ours\">a run of cws-stop would stop"
	            "</span> <span class=\"key up\">the server stops</span> <span class=\"key "
	            "down\">the server starts</span></figcaption>\n");
	open_chart(b, &c);
	for (i = 0; i < MODEL_HOURS; i++) {
		open_column(b, &c, i);
		say_hour(b, m->options->tz, d->hour[i].from_s);
		buf_printf(b,
		        ": the server stops %llu, a run would stop %llu, %llu start%s</title>",
		        (unsigned long long)d->hour[i].server,
		        (unsigned long long)(d->hour[i].stops - d->hour[i].server),
		        (unsigned long long)d->hour[i].starts, say_plural(d->hour[i].starts));
		put_side(b, &c, i, column[i].up, "ours");
		put_side(b, &c, i, column[i].up - column[i].ours, "up");
		put_side(b, &c, i, column[i].down, "down");
		put_number(b, &c, i, column[i].up, false);
		put_number(b, &c, i, column[i].down, true);
		put_hour(b, &c, i);
		buf_puts(b, "</g>\n");
	}
	close_chart(b, &c);
	buf_puts(b, "</figure>\n");
}

static void
draw_use(struct buf *b, const struct model *m)
{
	struct column column[24];
	struct chart  c;
	int           i;

	for (i = 0; i < 24; i++)
		column[i] = (struct column){ i, (double)m->past.use_s[i], 0, 0 };
	c = lay_out("Hours of use by hour of the day", column, 24);
	buf_puts(b, "<figure>\n");
	open_chart(b, &c);
	for (i = 0; i < 24; i++) {
		open_column(b, &c, (size_t)i);
		buf_printf(b, "%02d:00: used ", i);
		say_hours(b, m->past.use_s[i]);
		buf_puts(b, "</title>");
		put_side(b, &c, (size_t)i, column[i].up, "up");
		put_hour(b, &c, (size_t)i);
		buf_puts(b, "</g>\n");
	}
	close_chart(b, &c);
	buf_puts(b, "</figure>\n");
}

/* -- Policies ---------------------------------------------------------------------- */

/* Of the hours that they ran, those that each policy would have saved. */
static void
draw_policies(struct buf *b, const struct model *m)
{
	const struct model_past *p = &m->past;
	size_t                   i;

	if (p->ran_s <= 0)
		return;
	buf_puts(b, "<figure class=\"policies\">\n");
	for (i = 0; i < p->policies; i++) {
		double percent = 100 * (double)p->policy[i].saved_s / (double)p->ran_s;

		buf_puts(b, "<p>");
		html_text(b, p->policy[i].policy);
		buf_puts(b, "</p><svg class=\"bar good\" role=\"img\"><title>");
		html_text(b, p->policy[i].policy);
		buf_puts(b, ": ");
		say_hours(b, p->policy[i].saved_s);
		buf_puts(b, " of ");
		say_hours(b, p->ran_s);
		buf_printf(b,
		        "</title><rect width=\"%.1f%%\" height=\"100%%\"/></svg><p "
		        "class=\"n\">%.0f %%</p>\n",
		        percent > 100 ? 100
		        : percent < 0 ? 0
		                      : percent,
		        percent);
	}
	buf_puts(b, "</figure>\n");
}

void
html_figure(struct buf *b, const struct model *m, enum sheet_figure figure)
{
	switch (figure) {
	case FIGURE_DAY:
		draw_day(b, m);
		break;
	case FIGURE_POLICIES:
		draw_policies(b, m);
		break;
	case FIGURE_USE:
		draw_use(b, m);
		break;
	case FIGURE_NONE:
		break;
	}
}
