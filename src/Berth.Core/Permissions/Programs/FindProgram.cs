using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>
/// <c>find</c> with the tests and actions of GNU find that only look. What <c>-exec</c> and its kin run is judged as a
/// program of its own; <c>-delete</c>, <c>-fprint</c> and everything that is not named here asks.
/// </summary>
internal static class FindProgram
{
    private static readonly HashSet<string> Alone =
    [
        "-P", "(", ")", "!", ",", "-not", "-a", "-and", "-o", "-or", "-true", "-false", "-empty", "-depth", "-d", "-prune", "-print",
        "-print0", "-ls", "-quit", "-xdev", "-mount", "-daystart", "-noleaf", "-readable", "-writable", "-executable", "-nouser",
        "-nogroup", "-ignore_readdir_race", "-noignore_readdir_race", "-nowarn", "-warn",
    ];

    private static readonly HashSet<string> WithText =
    [
        "-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename", "-regex", "-iregex", "-regextype", "-lname", "-ilname",
        "-type", "-xtype", "-size", "-mtime", "-mmin", "-atime", "-amin", "-ctime", "-cmin", "-used", "-maxdepth", "-mindepth",
        "-perm", "-user", "-group", "-uid", "-gid", "-links", "-inum", "-fstype", "-printf", "-newermt",
    ];

    private static readonly HashSet<string> WithPath = ["-newer", "-anewer", "-cnewer", "-samefile"];

    /// <summary>What keeps the call from being free, what it runs apart; null when nothing does.</summary>
    internal static Objection? Judge(IReadOnlyList<Argument> words, ReadCheck reads)
    {
        var paths = 0;
        for (var i = 1; i < words.Count; i++)
        {
            var word = words[i];
            if (word.MayBeOption)
            {
                return Objection.NotReadOnly("a word of find may turn out to be an action");
            }

            if (!word.Sketch.StartsWith('-') && word.Text is not ("(" or ")" or "!" or ","))
            {
                paths++;
                if (reads.Check(word, walks: true) is { } objection)
                {
                    return objection;
                }

                continue;
            }

            if (JudgeExpression(words, ref i, reads) is { } refusal)
            {
                return refusal;
            }
        }

        return paths > 0 ? null : reads.Check(new Argument("."), walks: true);
    }

    private static Objection? JudgeExpression(IReadOnlyList<Argument> words, ref int i, ReadCheck reads)
    {
        var name = words[i].Text ?? "";
        if (Alone.Contains(name))
        {
            return null;
        }

        if (name is "-exec" or "-execdir" or "-ok" or "-okdir")
        {
            i = Wrappers.ExecEnd(words, i);
            return i < words.Count ? null : Objection.NotReadOnly($"find {name} does not end");
        }

        if (i + 1 < words.Count && !words[i + 1].Many)
        {
            if (WithText.Contains(name))
            {
                i++;
                return null;
            }

            if (WithPath.Contains(name))
            {
                return reads.Check(words[++i]);
            }
        }

        return Objection.NotReadOnly($"find {Plain.Short(words[i].Sketch)} is not on the read-only list");
    }
}
