using Berth.Core.Web;
using Xunit;

namespace Berth.Tests.Core.Web;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<p>one\n  two</p><p>three", "one two\n\nthree")]
    [InlineData("<h1>Top</h1><div>a</div><div>b</div><h2><span>Sub</span></h2>c", "# Top\n\na\nb\n\n## Sub\n\nc")]
    [InlineData("a<br>b<br/>c<hr>d", "a\nb\nc\n\n---\n\nd")]
    [InlineData("<ul><li>one<li><p>two</p><ul><li>deep</ul><li>three</ul>end", "- one\n- two\n\n  - deep\n- three\n\nend")]
    [InlineData("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two")]
    [InlineData("x <a href='/y?a=1&amp;b=2'>link</a>, <a href=\"#top\">top</a> <a href=mailto:a@b.c>mail</a>", "x [link](https://example.com/y?a=1&b=2), top mail")]
    [InlineData("<a href=/a><div>card</div></a><a href=/b></a>z", "[card](https://example.com/a)\nz")]
    [InlineData("<base href='https://other.org/d/'><a href=x>l</a>", "[l](https://other.org/d/x)")]
    [InlineData("run <code>make  all</code> now", "run `make all` now")]
    [InlineData("<pre><code>a\n  b &lt;c&gt;\n</code></pre>after", "```\na\n  b <c>\n```\n\nafter")]
    [InlineData("<table><tr><th>A<th>B</tr><tr><td>1<td>2</table>", "A | B\n1 | 2")]
    [InlineData("<img src=x alt='a cat'><img src=y>", "[image: a cat]")]
    [InlineData("a < b && c <3 &amp;&nbsp;&#x263a; &bogus;", "a < b && c <3 & ☺ &bogus;")]
    [InlineData("<script>if (a<b) x='</div>'</script>s<style>p{}</style>t<!-- <p>no --> u<SCRIPT>x</SCRIPT >v", "st uv")]
    [InlineData("<svg><title>no</title><path/></svg><template><p>no</template><div hidden>no<div>no</div></div>yes", "yes")]
    [InlineData("<!doctype html><?xml?></br>text", "text")]
    [InlineData("text<", "text<")]
    [InlineData("<p title='a > b' data-x=\"1\">in", "in")]
    [InlineData("<p title='never closed>in", "")]
    [InlineData("<script>never closed <p>x", "")]
    [InlineData("<!-- never closed <p>x", "")]
    public void Pages_become_markdown(string html, string text) => Assert.Equal(text, Read(html).Text);

    [Fact]
    public void The_title_is_kept_apart() =>
        Assert.Equal(("A & B", "x"), Read("<html><head><title>\n A &amp; B </title></head><body>x"));

    [Fact]
    public void Menus_are_left_out_where_there_is_more_than_them()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 200));

        Assert.Equal(words, Read($"<nav>menu</nav><p>{words}</p><footer>foot</footer>").Text);
        Assert.Equal("menu " + words, Read($"<nav>menu {words}</nav>").Text);
        Assert.Equal(words, Read($"<div>before</div><main><p>{words}</main><div>after</div>").Text);
        Assert.Equal("before\n\nshort\n\nafter", Read("<div>before</div><main>short</main><div>after</div>").Text);
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<a href=x>")]
    [InlineData("<ul><li>")]
    [InlineData("<")]
    [InlineData("<!--")]
    [InlineData("<p a=\"")]
    [InlineData("&amp")]
    [InlineData("</script")]
    [InlineData("<b><i><table><tr><td>")]
    public void A_hostile_page_costs_no_more_than_its_length(string part)
    {
        var page = string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read(page);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_500_000_000);
    }

    [Fact]
    public void No_page_breaks_it()
    {
        string[] parts = ["<p>", "</p>", "<a href=x>", "</a>", "<ul>", "<li>", "</ul>", "<pre>", "</pre>", "<code>", "</code>", "<td>", "<tr>", "<main>", "</main>", "<nav>", "</nav>", "w ", "\n", "<h1>", "<", ">", "\"", "'", "=", "&", ";", "<br>", "<!--", "-->", "<script>", "</script>", "<svg>", "</svg>", "\u00a0", "\ud800"];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            Read(string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => parts[random.Next(parts.Length)])));
        }
    }

    private static (string? Title, string Text) Read(string html) => new HtmlText(html, new Uri("https://example.com/dir/page")).Read();
}
