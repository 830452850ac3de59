using System.Text;
using Berth.Protocol;
using DiffPlex;

namespace Berth.Core.Tools.Editing;

/// <summary>What changes between two texts, in the form of <c>diff -u</c>, for a person who judges it.</summary>
/// <param name="Text">Bounded; what is left out is counted in its last line.</param>
/// <param name="Added">Lines.</param>
/// <param name="Removed">Lines.</param>
internal sealed record UnifiedDiff(string Text, int Added, int Removed)
{
    private const int ContextLines = 3;
    private const int LongestLine = 2_000;

    // Lines on both sides that are compared one by one: the time grows with their square.
    private const int MostCompared = 4_000;

    private readonly record struct Block(int Old, int OldCount, int New, int NewCount);

    /// <summary>Compares.</summary>
    /// <param name="path">As it is shown.</param>
    /// <param name="old">Null: the file is new.</param>
    public static UnifiedDiff Of(string path, string? old, string fresh)
    {
        var (before, after) = (Lines(old ?? ""), Lines(fresh));
        var blocks = Blocks(before, after);
        var into = new StringBuilder($"--- {(old is null ? "/dev/null" : path)}\n+++ {path}\n");
        var left = 0;
        for (int first = 0, last; first < blocks.Count; first = last + 1)
        {
            // Blocks whose context would touch stand in one hunk.
            last = first;
            while (last + 1 < blocks.Count
                && blocks[last + 1].Old - (blocks[last].Old + blocks[last].OldCount) <= 2 * ContextLines)
            {
                last++;
            }

            left += AppendHunk(blocks, first, last, before, after, into);
        }

        AppendNotes(old, fresh, blocks.Count == 0, into);
        if (left > 0)
        {
            into.Append($"… {left} more lines of this diff are not shown\n");
        }

        return new UnifiedDiff(into.ToString(), blocks.Sum(b => b.NewCount), blocks.Sum(b => b.OldCount));
    }

    private static List<Block> Blocks(string[] before, string[] after)
    {
        var head = 0;
        while (head < before.Length && head < after.Length && before[head] == after[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < Math.Min(before.Length, after.Length) - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        var (old, fresh) = (before[head..^tail], after[head..^tail]);
        if (old.Length == 0 && fresh.Length == 0)
        {
            return [];
        }

        if (old.Length == 0 || fresh.Length == 0 || old.Length + fresh.Length > MostCompared)
        {
            return old.Length == fresh.Length ? LineByLine(old, fresh, head) : [new Block(head, old.Length, head, fresh.Length)];
        }

        // DiffPlex's own way to split takes a lone carriage return for a line end too.
        var found = new Differ().CreateCustomDiffs(
            string.Join('\n', old), string.Join('\n', fresh), ignoreWhiteSpace: false, text => text.Split('\n'));
        return [.. found.DiffBlocks.Select(b =>
            new Block(head + b.DeleteStartA, b.DeleteCountA, head + b.InsertStartB, b.InsertCountB))];
    }

    // For texts that are too long for more: what replacing a word everywhere makes is exactly this.
    private static List<Block> LineByLine(string[] old, string[] fresh, int head)
    {
        var blocks = new List<Block>();
        for (var i = 0; i < old.Length; i++)
        {
            if (old[i] != fresh[i])
            {
                blocks.Add(new Block(head + i, 1, head + i, 1));
            }
        }

        return blocks;
    }

    // Returns the number of lines that found no room.
    private static int AppendHunk(
        List<Block> blocks, int first, int last, string[] before, string[] after, StringBuilder into)
    {
        var (from, to) = (blocks[first], blocks[last]);
        var lead = Math.Min(ContextLines, from.Old);
        var trail = Math.Min(ContextLines, before.Length - to.Old - to.OldCount);
        var oldCount = to.Old + to.OldCount - from.Old + lead + trail;
        var newCount = to.New + to.NewCount - from.New + lead + trail;
        var left = 0;
        Append($"@@ -{Range(from.Old - lead, oldCount)} +{Range(from.New - lead, newCount)} @@");
        var at = from.Old - lead;
        for (var i = first; i <= last; i++)
        {
            AppendAll(' ', before, at, blocks[i].Old - at);
            AppendAll('-', before, blocks[i].Old, blocks[i].OldCount);
            AppendAll('+', after, blocks[i].New, blocks[i].NewCount);
            at = blocks[i].Old + blocks[i].OldCount;
        }

        AppendAll(' ', before, at, trail);
        return left;

        void AppendAll(char sign, string[] lines, int start, int count)
        {
            for (var i = start; i < start + count; i++)
            {
                Append(sign + (lines[i].Length <= LongestLine ? lines[i] : lines[i][..LongestLine] + "…"));
            }
        }

        void Append(string line)
        {
            if (into.Length + line.Length > Limits.DiffChars)
            {
                left++;
            }
            else
            {
                into.Append(line).Append('\n');
            }
        }
    }

    private static void AppendNotes(string? old, string fresh, bool isEqual, StringBuilder into)
    {
        if (old is null)
        {
            if (fresh.Length == 0)
            {
                into.Append("(an empty file)\n");
            }

            return;
        }

        if (old.Length > 0 && fresh.Length > 0 && old.EndsWith('\n') != fresh.EndsWith('\n'))
        {
            into.Append(fresh.EndsWith('\n') ? "\\ a line end is added at the end of the file\n" : "\\ no line end at the end of the file any more\n");
        }
        else if (isEqual)
        {
            into.Append("(only line ends change)\n");
        }
    }

    private static string Range(int start, int count) => $"{(count == 0 ? start : start + 1)},{count}";

    private static string[] Lines(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var lines = text.Replace("\r\n", "\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
