using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>What the operands of a read-only program are.</summary>
internal enum Operands
{
    /// <summary>Texts that reach no file.</summary>
    Text,

    /// <summary>Files or directories that are read.</summary>
    Paths,

    /// <summary>As <see cref="Paths"/>, but in a directory it would follow links, so directories are refused.</summary>
    Files,

    /// <summary>A pattern, unless an option gave it, then paths.</summary>
    PatternThenPaths,

    /// <summary>None may be given.</summary>
    None,
}

/// <summary>A program that only reads, and the options with which that stays true.</summary>
/// <param name="Options">See <see cref="OptionTable"/>; what is not named here asks.</param>
internal sealed record ReadOnlyProgram(string Name, Operands Operands, OptionTable Options)
{
    /// <summary>The options with which it reads everything below a directory; empty: never; null: always.</summary>
    internal string[]? WalksWith { get; init; } = [];

    /// <summary>It has options that write or run, so a glob that may become one is refused.</summary>
    internal bool HasDangerousOptions { get; init; }

    /// <summary>No option of it matters, so its words need not be known.</summary>
    internal bool TakesAnything { get; init; }

    /// <summary>The most operands it may have; one more would be written to.</summary>
    internal int MostOperands { get; init; } = int.MaxValue;

    /// <summary>It is part of the shell, so no file of that name is looked for.</summary>
    internal bool IsBuiltin { get; init; }
}

/// <summary>
/// The built-in read-only list: GNU coreutils, grep, diffutils, file, ripgrep and bash's own commands. Each option was
/// looked up in the program's manual; options that write, run programs, follow links out of the project or read a list
/// of further files are left out. Programs that need more than a table (<c>find</c>, <c>sed</c>, <c>git</c>, …) are
/// in <see cref="SpecialPrograms"/>.
/// </summary>
internal static class ReadOnlyPrograms
{
    private const string Grep =
        "-# -E -F -G -P -e= -f=@ -i -y -v -w -x -c -L -l -m= -o -q -s -b -H -h -n -T -Z -A= -B= -C= -a -I -r -U -z -d= "
        + "--extended-regexp --fixed-strings --basic-regexp --perl-regexp --regexp= --file=@ --ignore-case --no-ignore-case "
        + "--invert-match --word-regexp --line-regexp --count --color[=] --colour[=] --files-without-match "
        + "--files-with-matches --max-count= --only-matching --quiet --silent --no-messages --byte-offset --with-filename "
        + "--no-filename --label= --line-number --initial-tab --null --after-context= --before-context= --context= --text "
        + "--binary-files= --exclude= --exclude-dir= --include= --recursive --line-buffered --null-data --directories=";

    private const string Checksum =
        "-b -t -z --binary --tag --text --zero";

    private static readonly ReadOnlyProgram[] Table =
    [
        new("ls", Operands.Paths, new(
            "-a -A -b -B -c -C -d -D -f -F -g -G -h -i -k -l -m -n -N -o -p -q -Q -r -R -s -S -t -T= -u -U -v -w= -x -X -Z -1 "
            + "-I= --all --almost-all --author --escape --block-size= --ignore-backups --color[=] --directory --dired "
            + "--classify[=] --file-type --format= --full-time --group-directories-first --no-group --human-readable --si "
            + "--hide= --hyperlink[=] --indicator-style= --inode --ignore= --kibibytes --numeric-uid-gid --literal "
            + "--hide-control-chars --show-control-chars --quote-name --quoting-style= --reverse --recursive --size --sort= "
            + "--time= --time-style= --tabsize= --width= --context --zero"))
            { WalksWith = ["-R", "--recursive"] },
        new("cat", Operands.Paths, new(
            "-A -b -e -E -n -s -t -T -u -v --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs "
            + "--show-nonprinting")),
        new("tac", Operands.Paths, new("-b -r -s= --before --regex --separator=")),
        new("nl", Operands.Paths, new("-b= -d= -f= -h= -i= -l= -n= -p -s= -v= -w= --body-numbering= --number-width=")),
        new("rev", Operands.Paths, new("")),
        new("head", Operands.Paths, new("-# -c= -n= -q -v -z --bytes= --lines= --quiet --silent --verbose --zero-terminated")),
        new("tail", Operands.Paths, new(
            "-# -c= -n= -f -F -q -v -z -s= --bytes= --lines= --follow[=] --retry --quiet --silent --verbose "
            + "--sleep-interval= --zero-terminated")),
        new("wc", Operands.Paths, new("-c -m -l -L -w --bytes --chars --lines --max-line-length --words --total=")),
        new("grep", Operands.PatternThenPaths, new(Grep)) { WalksWith = ["-r", "--recursive", "-d", "--directories"] },
        new("egrep", Operands.PatternThenPaths, new(Grep)) { WalksWith = ["-r", "--recursive", "-d", "--directories"] },
        new("fgrep", Operands.PatternThenPaths, new(Grep)) { WalksWith = ["-r", "--recursive", "-d", "--directories"] },
        new("rg", Operands.PatternThenPaths, new(
            "-A= -B= -C= -c -e= -F -f=@ -g= -H -I -i -l -M= -m= -N -n -o -P -p -q -r= -S -s -T= -t= -U -u -v -w -x -0 -. -j= "
            + "-d= -E= --after-context= --before-context= --context= --count --count-matches --regexp= --fixed-strings --file=@ "
            + "--glob= --iglob= --with-filename --no-filename --ignore-case --files-with-matches --files-without-match "
            + "--max-columns= --max-count= --no-line-number --line-number --only-matching --pcre2 --pretty --quiet "
            + "--replace= --smart-case --case-sensitive --type-not= --type= --multiline --multiline-dotall --unrestricted "
            + "--invert-match --word-regexp --line-regexp --null --hidden --no-ignore --no-ignore-vcs --threads= "
            + "--max-depth= --encoding= --color= --colors= --column --no-heading --heading --json --stats --sort= --sortr= "
            + "--trim --type-list --files --no-messages --vimgrep --passthru --text --crlf --binary --no-config "
            + "--no-require-git --one-file-system --max-filesize= --engine= --byte-offset --context-separator="))
            { WalksWith = null, HasDangerousOptions = true },
        new("sort", Operands.Paths, new(
            "-b -d -f -g -i -M -h -n -R -r -V -c -C -m -s -u -z -k= -t= --ignore-leading-blanks --dictionary-order "
            + "--ignore-case --general-numeric-sort --ignore-nonprinting --month-sort --human-numeric-sort --numeric-sort "
            + "--random-sort --reverse --version-sort --sort= --check[=] --merge --key= --stable --field-separator= --unique "
            + "--zero-terminated --parallel="))
            { HasDangerousOptions = true },
        new("uniq", Operands.Paths, new(
            "-# -c -d -D -f= -i -s= -u -w= -z --count --repeated --all-repeated[=] --skip-fields= --group[=] --ignore-case "
            + "--skip-chars= --unique --zero-terminated --check-chars="))
            { MostOperands = 1, HasDangerousOptions = true },
        new("cut", Operands.Paths, new(
            "-b= -c= -d= -f= -n -s -z --bytes= --characters= --complement --delimiter= --fields= --only-delimited "
            + "--output-delimiter= --zero-terminated")),
        new("paste", Operands.Paths, new("-d= -s -z --delimiters= --serial --zero-terminated")),
        new("join", Operands.Paths, new("-a= -e= -i -j= -o= -t= -v= -1= -2= -z --ignore-case --header --check-order")),
        new("comm", Operands.Paths, new("-1 -2 -3 -z --check-order --nocheck-order --output-delimiter= --total")),
        new("fold", Operands.Paths, new("-b -s -w= --bytes --spaces --width=")),
        new("fmt", Operands.Paths, new("-# -c -p= -s -t -u -w= -g= --width= --goal=")),
        new("expand", Operands.Paths, new("-i -t= --initial --tabs=")),
        new("column", Operands.Paths, new("-c= -s= -t -x -n -o= -N= --table --separator= --output-separator=")),
        new("tr", Operands.Text, new("-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1")),
        new("od", Operands.Paths, new("-A= -j= -N= -S= -t= -v -w[=] -a -b -c -d -f -i -l -o -s -x --format= --address-radix=")),
        new("strings", Operands.Paths, new("-a -f -n= -t= -o -# --all --bytes= --radix= --print-file-name")),
        new("cmp", Operands.Files, new("-b -i= -l -n= -s --print-bytes --ignore-initial= --verbose --bytes= --quiet --silent")),
        new("diff", Operands.Files, new(
            "-# -a -b -B -c -C= -d -e -E -F= -i -I= -n -N -p -q -s -t -T -u -U= -w -W= -y -Z --brief --color[=] --context[=] "
            + "--expand-tabs --ignore-all-space --ignore-blank-lines --ignore-case --ignore-space-change --ignore-tab-expansion "
            + "--ignore-trailing-space --label= --left-column --minimal --new-file --normal --rcs --report-identical-files "
            + "--show-c-function --side-by-side --speed-large-files --strip-trailing-cr --suppress-common-lines --text "
            + "--unified[=] --width=")),
        new("md5sum", Operands.Paths, new(Checksum)),
        new("sha1sum", Operands.Paths, new(Checksum)),
        new("sha256sum", Operands.Paths, new(Checksum)),
        new("sha512sum", Operands.Paths, new(Checksum)),
        new("cksum", Operands.Paths, new("")),
        new("stat", Operands.Paths, new("-c= -f -t --format= --printf= --file-system --terse")),
        new("file", Operands.Paths, new("-b -i -k -N -n -r -0 -h -F= --brief --mime --mime-type --mime-encoding --keep-going "
            + "--no-pad --no-dereference --extension --separator=")),
        new("du", Operands.Paths, new(
            "-# -0 -a -b -B= -c -d= -h -k -l -m -P -S -s -t= -x --null --all --apparent-size --block-size= --bytes --total "
            + "--max-depth= --human-readable --inodes --si --summarize --separate-dirs --threshold= --time[=] --time-style= "
            + "--exclude= --one-file-system --no-dereference"))
            { WalksWith = null },
        new("df", Operands.Paths, new(
            "-a -B= -h -H -i -k -l -P -T -t= -x= --all --block-size= --human-readable --si --inodes --local --output[=] "
            + "--portability --total --type= --exclude-type= --print-type")),
        new("tree", Operands.Paths, new(
            "-a -d -f -i -p -s -h -u -g -D -t -r -c -v -C -n -N -q -F -A -S -L= -I= -P= -x --noreport --dirsfirst "
            + "--filelimit= --prune --du --charset= --gitignore --sort= --ignore-case --matchdirs --inodes --device --si"))
            { WalksWith = null, HasDangerousOptions = true },
        new("realpath", Operands.Paths, new(
            "-e -m -L -P -q -s -z --canonicalize-existing --canonicalize-missing --logical --physical --quiet --strip "
            + "--no-symlinks --zero --relative-to= --relative-base=")),
        new("readlink", Operands.Paths, new(
            "-f -e -m -n -q -s -v -z --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet "
            + "--silent --verbose --zero")),
        new("basename", Operands.Text, new("-a -s= -z")) { TakesAnything = true },
        new("dirname", Operands.Text, new("-z")) { TakesAnything = true },
        new("seq", Operands.Text, new("-f= -s= -w --format= --separator= --equal-width")) { TakesAnything = true },
        new("sleep", Operands.Text, new("")) { TakesAnything = true },
        new("which", Operands.Text, new("-a -s --all")),
        new("whoami", Operands.None, new("")),
        new("id", Operands.Text, new("-a -g -G -n -r -u -z -Z --group --groups --name --real --user --zero")),
        new("uname", Operands.None, new("-a -s -n -r -v -m -p -i -o --all --kernel-name --machine")),
        new("nproc", Operands.None, new("--all --ignore=")),
        new("arch", Operands.None, new("")),
        new("pwd", Operands.None, new("-L -P")) { IsBuiltin = true },
        new("echo", Operands.Text, new("")) { TakesAnything = true, IsBuiltin = true },
        new("true", Operands.Text, new("")) { TakesAnything = true, IsBuiltin = true },
        new("false", Operands.Text, new("")) { TakesAnything = true, IsBuiltin = true },
        new(":", Operands.Text, new("")) { TakesAnything = true, IsBuiltin = true },
        new("type", Operands.Text, new("-a -f -p -P -t")) { IsBuiltin = true },
        new("exit", Operands.Text, new("")) { IsBuiltin = true },
        new("break", Operands.None, new("")) { IsBuiltin = true },
        new("continue", Operands.None, new("")) { IsBuiltin = true },
        new("wait", Operands.None, new("")) { IsBuiltin = true },
        new("jobs", Operands.None, new("-l -n -p -r -s")) { IsBuiltin = true },
    ];

    private static readonly Dictionary<string, ReadOnlyProgram> ByName = Table.ToDictionary(row => row.Name);

    /// <summary>The row of a program; null when it is not on the list.</summary>
    internal static ReadOnlyProgram? Find(string program) => ByName.GetValueOrDefault(program);

    /// <summary>The names on the list, for documentation and tests.</summary>
    internal static IEnumerable<string> Names => Table.Select(row => row.Name);

    /// <summary>Judges a call by its row.</summary>
    /// <returns>What keeps it from being free; null when nothing does.</returns>
    internal static Objection? Judge(ReadOnlyProgram row, ProgramCall call, ReadCheck reads)
    {
        if (row.TakesAnything)
        {
            return null;
        }

        var reading = row.Options.Read(call.Words, globsAreOperands: !row.HasDangerousOptions);
        if (reading.Refusal is not null)
        {
            return Objection.NotReadOnly(reading.Refusal);
        }

        foreach (var option in reading.Options)
        {
            if (option is { Kind: OptionValue.Path, Value: not null } && reads.Check(option.Value) is { } objection)
            {
                return objection;
            }
        }

        return JudgeOperands(row, reading, reads);
    }

    private static Objection? JudgeOperands(ReadOnlyProgram row, OptionReading reading, ReadCheck reads)
    {
        var operands = reading.Operands;
        if (row.Operands == Operands.None && operands.Count > 0)
        {
            return Objection.NotReadOnly($"{row.Name} takes no operands when it only reads");
        }

        if (row.Operands is Operands.Text or Operands.None)
        {
            return null;
        }

        if (operands.Count > row.MostOperands || (row.MostOperands < int.MaxValue && operands.Any(operand => operand.Many)))
        {
            return Objection.NotReadOnly($"{row.Name} may write its second operand");
        }

        var skip = row.Operands == Operands.PatternThenPaths
            && !reading.Has("-e", "-f", "--regexp", "--file", "--files", "--type-list") ? 1 : 0;
        if (skip == 1 && operands.Count > 0 && operands[0].Many)
        {
            return Objection.Unknown($"the pattern of {row.Name} may be several words");
        }

        var walks = row.WalksWith is null || (row.WalksWith.Length > 0 && reading.Has(row.WalksWith));
        var paths = operands.Skip(skip).ToList();
        if (walks && paths.Count == 0)
        {
            paths.Add(new Argument("."));
        }

        foreach (var path in paths)
        {
            var objection = reads.Check(path, walks, filesOnly: row.Operands == Operands.Files);
            if (objection is not null)
            {
                return objection;
            }
        }

        return null;
    }
}
