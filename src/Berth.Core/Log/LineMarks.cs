namespace Berth.Core.Log;

/// <summary>Where some of a file's lines begin, so that a reader who comes back finds its place without the whole file.</summary>
internal sealed class LineMarks
{
    private const int Every = 256;

    private readonly List<Mark> marks = [];

    private readonly record struct Mark(long Seq, long Offset);

    /// <summary>Takes the place of a line; only every so many are kept.</summary>
    public void Add(long seq, long offset)
    {
        lock (marks)
        {
            if (marks.Count == 0 || seq - marks[^1].Seq >= Every)
            {
                marks.Add(new Mark(seq, offset));
            }
        }
    }

    /// <summary>A place at or before the line that follows sequence number <paramref name="after"/>.</summary>
    public long OffsetBefore(long after)
    {
        lock (marks)
        {
            var index = marks.BinarySearch(new Mark(after + 1, 0), Comparer<Mark>.Create((a, b) => a.Seq.CompareTo(b.Seq)));
            index = index >= 0 ? index : ~index - 1;
            return index < 0 ? 0 : marks[index].Offset;
        }
    }

    /// <summary>The marks of the lines up to a sequence number.</summary>
    public LineMarks UpTo(long seq)
    {
        var copy = new LineMarks();
        lock (marks)
        {
            copy.marks.AddRange(marks.TakeWhile(m => m.Seq <= seq));
        }

        return copy;
    }
}
