-- Algebra of half-open intervals as lists of {s, e}, sorted and disjoint, in any integer unit (the ledger uses
-- milliseconds of the local day). Every rule and the ledger's own fold are written with these words.
--
-- A macro is pasted in, names and all: an argument `x.s` would be captured by a lambda over `x` inside the macro. So
-- every lambda here has a name of its own, ending in `_`, and no query may use such names.

-- What of `xs` lies inside [a, b).
CREATE OR REPLACE MACRO clip_to(xs, a, b) AS list_filter(
    list_transform(xs, lambda clipped_: {'s': greatest(clipped_.s, a), 'e': least(clipped_.e, b)}),
    lambda clipped_: clipped_.s < clipped_.e);

-- What of [a, b) is not in `xs`. What lies outside of [a, b) shrinks to nothing at one of its ends.
CREATE OR REPLACE MACRO gaps_in(xs, a, b) AS list_filter(
    list_transform(
        list_zip(
            list_prepend(a, list_transform(xs, lambda gap_: greatest(least(gap_.e, b), a))),
            list_append(list_transform(xs, lambda gap_: greatest(least(gap_.s, b), a)), b)),
        lambda edge_: {'s': edge_[1], 'e': edge_[2]}),
    lambda gap_: gap_.s < gap_.e);

-- xs − ys and xs ∩ ys. Most often nothing is taken away, or all: both are told without looking at single intervals.
CREATE OR REPLACE MACRO subtract_intervals(xs, ys) AS
    CASE WHEN len(ys) = 0 THEN list_filter(xs, lambda minuend_: minuend_.s < minuend_.e) WHEN xs = ys THEN []
         ELSE flatten(list_transform(xs, lambda minuend_: gaps_in(ys, minuend_.s, minuend_.e))) END;
CREATE OR REPLACE MACRO intersect_intervals(xs, ys) AS
    flatten(list_transform(xs, lambda factor_: clip_to(ys, factor_.s, factor_.e)));

-- Joins neighbours that touch; `xs` must be disjoint, in any order. Sorted, the i-th start belongs to the i-th end, and
-- a seam is an end equal to the next start.
CREATE OR REPLACE MACRO starts_of(xs) AS list_sort(list_transform(xs, lambda start_: start_.s));
CREATE OR REPLACE MACRO ends_of(xs) AS list_sort(list_transform(xs, lambda end_: end_.e));
CREATE OR REPLACE MACRO not_seams(xs, neighbours) AS list_transform(
    list_filter(list_zip(xs, neighbours), lambda seam_: seam_[1] IS NOT NULL AND seam_[1] IS DISTINCT FROM seam_[2]),
    lambda seam_: seam_[1]);
CREATE OR REPLACE MACRO join_touching(xs) AS list_transform(
    list_zip(
        not_seams(starts_of(xs), list_prepend(NULL, ends_of(xs))),
        not_seams(ends_of(xs), starts_of(xs)[2:])),
    lambda joined_: {'s': joined_[1], 'e': joined_[2]});

-- The same of an argument that is long to write: the list of one names it, so that it is pasted once and not four
-- times.
CREATE OR REPLACE MACRO join_touching_once(xs) AS list_transform([xs], lambda touching_: join_touching(touching_))[1];

-- What of `xs` lies before a, and after b.
CREATE OR REPLACE MACRO before(xs, a) AS list_filter(
    list_transform(xs, lambda before_: {'s': before_.s, 'e': least(before_.e, a)}),
    lambda before_: before_.s < before_.e);
CREATE OR REPLACE MACRO after(xs, b) AS list_filter(
    list_transform(xs, lambda after_: {'s': greatest(after_.s, b), 'e': after_.e}),
    lambda after_: after_.s < after_.e);

-- `base` with everything inside [a, b) replaced by `inside`, which lies inside [a, b).
CREATE OR REPLACE MACRO lay_over(base, inside, a, b) AS
    join_touching_once(list_concat(before(base, a), inside, after(base, b)));

-- xs ∪ ys.
CREATE OR REPLACE MACRO unite_intervals(xs, ys) AS
    join_touching_once(list_concat(subtract_intervals(xs, ys), ys));

-- Total length, and what remains when intervals no longer than `tolerance` are dropped.
CREATE OR REPLACE MACRO total_length(xs) AS
    CAST(coalesce(list_sum(list_transform(xs, lambda length_: length_.e - length_.s)), 0) AS BIGINT);
CREATE OR REPLACE MACRO longer_than(xs, tolerance) AS list_filter(xs, lambda long_: long_.e - long_.s > tolerance);

-- The union of several such lists. Most often there is only one, and a list_reduce costs much even then.
CREATE OR REPLACE MACRO unite_all(lists) AS
    CASE WHEN len(lists) = 1 THEN lists[1]
         ELSE list_reduce(lists, lambda united_, next_: unite_intervals(united_, next_)) END;
