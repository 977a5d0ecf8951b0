-- Decides what becomes of each staged row: a new version, a repetition of what is known, or a conflict.
--
-- In:  staged     the rows that keep their contract
--      rejected   the rows that do not
--      history    the versions in Silver that staged keys or scopes can touch
-- Out: new_version  the rows to append to Silver (a view, to hold them once)
--      timeline     what the keys with more than one row have gone through, with a verdict on each row:
--                   new, repeated (says what is known already), conflicting (contradicts another row of the same reply),
--                   withdrawn (a reply proves the key to be gone), known (not from this run)
--
-- {{key}} the key's columns, {{values}} all other columns of the contract, {{columns}} both in order.

-- What each reply proves complete. A reply with a refused row proves nothing: the missing key may be the refused one.
create or replace temp table scope as
select {{by}}, min({{range}}) as scope_from, max({{range}}) as scope_to, known_from, bronze_batch, bronze_line
from staged
where {{has_scope}} and not exists (select 1 from rejected r where r.bronze_batch = staged.bronze_batch and r.bronze_line = staged.bronze_line)
group by {{by}}, known_from, bronze_batch, bronze_line;

-- A first load has nothing to withdraw; comparing every key with every scope would be all it does.
create or replace temp table withdrawal as
with may_withdraw as (
    select (select count(*) from history) > 0
        or exists (select 1 from scope a join scope b using ({{by}})
                   where a.known_from > b.known_from and a.scope_from <= b.scope_to and a.scope_to >= b.scope_from) as yes
), known as (
    select {{key}}, {{latest_scope_columns}} min(known_from) as first_known
    from (select {{columns}}, known_from from history union all select {{columns}}, known_from from staged)
    where (select yes from may_withdraw)
    group by {{key}}
)
select {{k_key}}, s.known_from, s.bronze_batch, s.bronze_line
from known k
join scope s on {{same_by}} and k.{{range}} between s.scope_from and s.scope_to and k.first_known < s.known_from
where not exists (
    select 1 from staged o where {{same_key}} and o.known_from = s.known_from);

-- Keys that only one staged row speaks of are new versions without more ado.
create or replace temp table contested as
select {{key}} from (
    select {{key}} from staged
    union all select {{key}} from history
    union all select {{key}} from withdrawal
) group by {{key}} having count(*) > 1;

create or replace temp table timeline as
with event as (
    select {{key}}, struct_pack({{packed}}) as payload, removed, known_from, bronze_batch, bronze_line, bronze_row, 'history' as origin
    from history semi join contested using ({{key}})
    union all
    select {{key}}, struct_pack({{packed}}), false, known_from, bronze_batch, bronze_line, bronze_row, 'staged'
    from staged semi join contested using ({{key}})
    union all
    select {{key}}, null, true, known_from, bronze_batch, bronze_line, null, 'withdrawn'
    from withdrawal
), at_once as (
    -- Of rows with one key in one reply the last counts.
    select *,
        row_number() over reply as nth_from_last,
        first_value(payload) over reply as last_payload
    from event
    window reply as (partition by {{key}}, known_from order by origin, bronze_batch desc, bronze_line desc, bronze_row desc)
), in_order as (
    select *,
        lag(payload) over known as previous_payload,
        lag(removed) over known as previous_removed
    from at_once
    where nth_from_last = 1
    window known as (partition by {{key}} order by known_from)
)
select * exclude (last_payload, nth_from_last),
    case
        when origin = 'history' then 'known'
        when origin = 'withdrawn' and not coalesce(previous_removed, true) then 'withdrawn'
        when origin = 'withdrawn' then 'known'
        when previous_removed is not distinct from false and previous_payload is not distinct from payload then 'repeated'
        else 'new'
    end as verdict
from in_order
union all by name
select * exclude (last_payload, nth_from_last), null as previous_payload, null as previous_removed,
    case when origin <> 'staged' then 'known' when payload is not distinct from last_payload then 'repeated' else 'conflicting' end as verdict
from at_once
where nth_from_last > 1;

create or replace temp view new_version as
select {{columns}}, known_from, false as removed, bronze_batch, bronze_line, bronze_row
from staged anti join contested using ({{key}})
union all
select {{from_payload}}, known_from, false, bronze_batch, bronze_line, bronze_row
from timeline where verdict = 'new'
union all
select {{from_previous_payload}}, known_from, true, bronze_batch, bronze_line, null
from timeline where verdict = 'withdrawn';
