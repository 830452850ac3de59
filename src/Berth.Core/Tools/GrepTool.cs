using System.Text;
using Berth.Core.Permissions;
using Berth.Core.Tools.Search;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Tools;

/// <summary><c>grep</c>: the lines that match a regular expression, as <c>path:line:text</c>.</summary>
internal static class GrepTool
{
    private const int MostContext = 20;
    private const int MostMatches = 2_000;

    public static Tool Row { get; } = new("grep", ToolTable.Describe("GrepTool"), ToolTable.Schema("""
        {"type":"object","required":["pattern"],"properties":{
        "pattern":{"type":"string","description":"A regular expression, matched line by line."},
        "path":{"type":"string","description":"The file or directory to search. Without it, the session's directory."},
        "glob":{"type":"string","description":"Only files whose paths match, for example *.ts or src/**/*.{c,h}."},
        "context":{"type":"integer","description":"Lines to show before and after each match."},
        "limit":{"type":"integer","description":"Matches to show. Without it, 200."}}}
        """),
        Asks, RunAsync);

    private sealed record Wanted(string Path, LinePattern Pattern, GlobPattern? Glob, int Context, int Limit);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var path = PathOf(input, context);
        var isFile = FileFacts.Of(path) is { Kind: not FileKind.Directory };
        var pattern = input.Text("pattern");
        return new ToolAsk(
            $"grep {ShownPath.Of(pattern)}", $"{pattern}\nin {path}",
            new PathAction(path, isFile ? PathAccess.Read : PathAccess.FilteredWalk));
    }

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        Wanted wanted;
        try
        {
            wanted = new Wanted(
                PathOf(input, context), LinePattern.Parse(input.Text("pattern")),
                input.OptionalText("glob") is { Length: > 0 } glob ? GlobPattern.Parse(glob) : null,
                (int)(input.Number("context", 0, MostContext) ?? 0),
                (int)(input.Number("limit", 1, MostMatches) ?? Limits.GrepMatches));
        }
        catch (FormatException e)
        {
            return ToolResult.Failure(e.Message);
        }

        var shown = context.Show(wanted.Path);
        switch (FileFacts.Of(wanted.Path)?.Kind)
        {
            case null:
                return ToolResult.Failure($"There is no file or directory {shown}.");
            case FileKind.Directory:
                var files = await FilesAsync(wanted, context, cancellation).ConfigureAwait(false);
                var perFile = Math.Min(wanted.Limit, Limits.GrepMatchesPerFile);
                return Answer(
                    TreeSearch.Search(files, new FileSearch(wanted.Pattern, wanted.Context, perFile), wanted.Limit, cancellation),
                    wanted, shown, context);
            default:
                // A link that was named itself is followed; what it names has been judged.
                return OneFile(context.RealPath(wanted.Path), shown, wanted, context, cancellation);
        }
    }

    private static ToolResult OneFile(
        string path, string shown, Wanted wanted, ToolContext context, CancellationToken cancellation)
    {
        var search = new FileSearch(wanted.Pattern, wanted.Context, wanted.Limit);
        var hits = TreeSearch.Search([path], search, wanted.Limit, cancellation);
        if (hits.Matches > 0 || hits.IsTooSlow)
        {
            return Answer(hits with { Files = [.. hits.Files.Select(file => file with { Path = wanted.Path })] }, wanted, shown, context);
        }

        return search.Search(path, cancellation).Skip switch
        {
            FileSkip.Binary => ToolResult.Failure($"{shown} is no text file."),
            FileSkip.Unreadable => ToolResult.Failure($"{shown} cannot be read: it is no regular file, or may not be read."),
            _ => Answer(hits, wanted, shown, context),
        };
    }

    // With ripgrep only the files that have a match; else all that may have one.
    private static async Task<IEnumerable<string>> FilesAsync(Wanted wanted, ToolContext context, CancellationToken cancellation)
    {
        var hidden = wanted.Glob?.NamesHidden ?? false;
        var ripgrep = Programs.Find("rg", context.Environment.GetValueOrDefault("PATH"));
        var files = ripgrep is null ? null : await Ripgrep.FilesAsync(
            ripgrep, wanted.Pattern, wanted.Path, hidden, Limits.WalkFiles, context.Start, cancellation).ConfigureAwait(false);
        var mayRead = context.WalkFilter("grep");
        var below = wanted.Path == "/" ? 1 : wanted.Path.TrimEnd('/').Length + 1;
        return (files ?? FileWalk.Files(wanted.Path, hidden, Limits.WalkFiles, cancellation))
            .Where(file => (wanted.Glob?.Matches(file.AsSpan(below)) ?? true) && mayRead(file));
    }

    private static ToolResult Answer(TreeHits hits, Wanted wanted, string shown, ToolContext context)
    {
        var slow = hits.IsTooSlow ? "\n(ended early: the pattern takes too long on some line; use a simpler one)" : "";
        if (hits.Matches == 0)
        {
            var only = wanted.Glob is null ? "" : " (in files that match glob)";
            return new ToolResult(!hits.IsTooSlow, $"No line in {shown}{only} matches {ShownPath.Of(wanted.Pattern.Text)}.{slow}", "no match");
        }

        var text = new StringBuilder();
        var given = 0;
        foreach (var file in hits.Files)
        {
            if (given >= wanted.Limit || text.Length > Limits.OutputCharsToModel)
            {
                break;
            }

            given += Append(file, wanted, wanted.Limit - given, context.Show(file.Path), text);
        }

        var files = hits.FilesWithMatches == 1 ? "1 file" : $"{hits.FilesWithMatches:N0} files";
        var all = $"{(hits.Matches == 1 ? "1 match" : $"{hits.Matches:N0} matches")} in {files}";
        var left = given < hits.Matches ? $"\n({given:N0} of {all} shown; narrow pattern, path or glob, or raise limit)" : $"\n({all})";
        return new ToolResult(true, text.ToString().TrimEnd('\n') + left + slow, all);
    }

    // Returns the number of matches that found room.
    private static int Append(FileHits file, Wanted wanted, int most, string shown, StringBuilder into)
    {
        var (given, before) = (0, -1L);
        foreach (var line in file.Lines)
        {
            if (line.IsMatch && (given == most || into.Length > Limits.OutputCharsToModel))
            {
                break;
            }

            if (wanted.Context > 0 && into.Length > 0 && line.Number != before + 1)
            {
                into.Append("--\n");
            }

            var mark = line.IsMatch ? ':' : '-';
            into.Append(shown).Append(mark).Append(line.Number).Append(mark).Append(line.Text).Append('\n');
            given += line.IsMatch ? 1 : 0;
            before = line.Number;
        }

        return given;
    }

    private static string PathOf(ToolInput input, ToolContext context) =>
        context.Resolve(input.OptionalText("path") is { Length: > 0 } path ? path : ".");
}
