using System.Diagnostics;

namespace Finks.Jinja.Tests;

public class SpeedTests
{
    // Ten times what a slow machine needs: it catches a parser that became quadratic, not a busy neighbour.
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(3);

    [Fact]
    public void A_thousand_models_parse_in_a_moment()
    {
        var environment = new JinjaEnvironment();
        var sources = Enumerable.Range(0, 1000).Select(Model).ToList();
        environment.Parse(Model(-1), "warm.sql");
        var watch = Stopwatch.StartNew();
        var parsed = sources.Select((source, number) => environment.Parse(source, $"m{number}.sql")).ToList();
        watch.Stop();
        TestContext.Current.SendDiagnosticMessage($"1,000 templates parsed in {watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.Equal(1000, parsed.Count);
        Assert.True(watch.Elapsed < Generous, $"parsing took {watch.Elapsed}");
    }

    private static string Model(int number) => $$$"""
        {{ config(materialized='table', tags=['daily', 'n{{{number}}}']) }}
        with orders as (select * from {{ ref('orders_{{{number}}}') }}),
        payments as (select * from {{ source('raw', 'payments') }} {% if is_incremental() %} where at > (select max(at) from {{ this }}) {% endif %})
        select o.id,
        {% for method in ['card', 'coupon', 'bank', 'gift'] -%}
          sum(case when method = '{{ method }}' then amount else 0 end) as {{ method }}_amount{{ ',' if not loop.last }}
        {% endfor -%}
        from orders o left join payments p on o.id = p.order_id group by 1
        """;
}
