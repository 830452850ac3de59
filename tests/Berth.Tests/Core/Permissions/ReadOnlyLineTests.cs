using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>What a line of the read-only list may and may not do without a question.</summary>
public sealed class ReadOnlyLineTests
{
    internal const string PlainReading = """
        allow ls
        allow ls -la src
        allow ls -R src
        allow ls /home/me/proj/src
        allow ls ~/proj/src
        allow ls $HOME/proj/src
        allow ls "$HOME/proj/src"
        allow cat README.md
        allow cat a.txt b.txt
        allow cat 'two words.txt'
        allow cat two\ words.txt
        allow cat -n src/a.cs
        allow cat ./src/../README.md
        allow cat inside/c.cs
        allow cat -
        allow cat no-such-file
        allow head -20 README.md
        allow head -n 20 README.md
        allow head -n20 README.md
        allow head --lines=20 README.md
        allow tail -n +5 README.md
        allow tail -5 README.md
        allow tail -f a.txt
        allow wc -l a.txt
        allow wc -l < a.txt
        allow grep -rn TODO .
        allow grep -rn TODO
        allow grep -n "a b" src/a.cs
        allow grep -e x -e y a.txt
        allow grep -rin --include='*.cs' foo src
        allow grep -A3 -B 2 foo a.txt
        allow grep -5 foo a.txt
        allow egrep 'a|b' a.txt
        allow rg foo
        allow rg -n foo src
        allow rg -n --glob '*.cs' foo src
        allow rg --files
        allow find . -name '*.cs'
        allow find src -type f -maxdepth 2 -print0
        allow find . \( -name a -o -name b \) -print
        allow find . ! -name x
        allow find . -newer a.txt
        allow sort a.txt
        allow sort -k2,2n -t, a.txt
        allow sort -ru a.txt
        allow uniq a.txt
        allow uniq -c
        allow cut -d: -f1 a.txt
        allow tr a-z A-Z < a.txt
        allow diff a.txt b.txt
        allow diff -u a.txt b.txt
        allow cmp a.txt b.txt
        allow stat a.txt
        allow stat -c '%s' a.txt
        allow file src/a.cs
        allow du -sh .
        allow df -h .
        allow pwd
        allow echo hello
        allow echo "hello world" 'x'
        allow echo *
        allow echo $?
        allow echo "$HOME"
        allow printf '%s\n' a b
        allow printf -- '-x'
        allow date
        allow date +%Y-%m-%d
        allow date -u '+%H:%M'
        allow date -d yesterday +%F
        allow which git
        allow type ls
        allow command -v node
        allow test -f a.txt
        allow [ -f a.txt ]
        allow [ "$?" -eq 0 ]
        allow [[ -f a.txt && -n x ]]
        allow [[ $? == 0 ]]
        allow [[ "a b" =~ ^(a|b)$ ]]
        allow true
        allow false
        allow :
        allow basename src/a.cs .cs
        allow dirname src/a.cs
        allow realpath src/a.cs
        allow readlink inside
        allow sed -n '5,10p' a.txt
        allow sed -n 5,10p a.txt
        allow sed 's/a/b/g' a.txt
        allow sed -e 's|a|b|' -e '/x/d' a.txt
        allow sed -n '/start/,/end/p' a.txt
        allow sed -n '$p' a.txt
        allow sed '10q' a.txt
        allow nl a.txt
        allow od -c a.txt
        allow md5sum a.txt
        allow seq 1 10
        allow sleep 1
        allow uname -a
        allow whoami
        allow tree -L 2 src
        allow git --version
        allow git rev-parse --show-toplevel
        allow git branch --show-current
        allow git remote -v
        """;

    internal const string Compound = """
        allow ls; pwd
        allow ls && pwd || echo no
        allow cat a.txt | grep foo | head -5
        allow cat a.txt |& grep foo
        allow ls &
        allow ls⏎pwd
        allow ls;⏎⏎pwd⏎
        allow (ls; pwd)
        allow { ls; pwd; }
        allow ! ls
        allow time ls
        allow time -p ls | wc -l
        allow if ls; then echo yes; else echo no; fi
        allow if test -f a.txt; then cat a.txt; elif true; then :; fi
        allow for i in 1 2 3; do echo $i; done
        allow for i in {1..3}; do echo "$i"; done
        allow for i in a b⏎do⏎echo $i⏎done
        allow while read -r line; do echo "$line"; done < a.txt
        allow while IFS= read -r line; do echo "$line"; done < a.txt
        allow until true; do sleep 1; done
        allow case x in a) ls;; b|c) pwd;; *) echo no;; esac
        allow case $? in 0) echo ok ;; esac
        allow echo "$(ls)"
        allow echo $(cat a.txt | wc -l)
        allow echo `ls`
        allow echo "`wc -l < a.txt`"
        allow echo "files: $(ls | wc -l), $(pwd)"
        allow echo $((1 + 2 * 3))
        allow echo "$(<a.txt)"
        allow diff <(sort a.txt) <(sort b.txt)
        allow x=1; echo $x
        allow x=$(ls); echo "$x"
        allow n=5 && echo "$n"
        allow echo ${x:-none}; x=1
        allow x=abc; echo ${x%c} ${#x} ${x/a/b} ${x:0:2}
        allow cat <<EOF⏎hello⏎EOF
        allow cat <<'EOF'⏎$(rm -rf x) `rm y`⏎EOF
        allow cat <<"EOF"⏎$(rm -rf x)⏎EOF
        allow cat <<\EOF⏎$(rm -rf x)⏎EOF
        allow cat <<-EOF⏎	hello⏎	EOF
        allow cat <<A <<B⏎1⏎A⏎2⏎B
        allow cat <<EOF⏎$(ls)⏎EOF
        allow grep x <<< "some text"
        allow ls 2>/dev/null
        allow ls > /dev/null 2>&1
        allow ls &>/dev/null
        allow ls 2>&1 | head
        allow ls >&2
        allow cat < a.txt
        allow cat 0< a.txt
        allow exec 2>&1; ls
        allow cd src && ls
        allow cd src; cat a.cs
        allow cd /home/me/proj/src && ls
        allow (cd docs && cat one.md)
        allow cd src && cd deep && ls
        allow set -e; ls
        allow set -euo pipefail⏎ls
        allow LC_ALL=C sort a.txt
        allow LANG=C TZ=UTC date
        allow ls # a comment
        allow ls #; rm -rf x
        allow # only words⏎ls
        allow echo 'a;b' "c|d" e\;f
        allow echo hi! "wow!!"
        allow echo a#b
        allow ls \⏎  -la \⏎  src
        allow cat src/*.cs
        allow wc -l src/*.cs docs/*.md
        allow ls src/?.cs src/[ab].cs
        allow cat src/{a,b}.cs
        allow cat -- *.txt
        allow sort -- *.txt
        allow echo {a,b}{1,2}
        allow echo "日本語" 'ö' ünïcode
        allow grep "größe" a.txt
        """;

    [Fact]
    public void Plain_reading_inside_the_project_is_free() => PermissionTable.Holds(PlainReading);

    [Fact]
    public void Compound_lines_of_free_commands_are_free() => PermissionTable.Holds(Compound);

    [Fact]
    public void What_lies_outside_the_project_is_asked_for() => PermissionTable.Holds("""
        ask cat /etc/passwd
        ask cat ../other/x.txt
        ask cat ~/.ssh/id_rsa
        ask cat $HOME/.ssh/id_rsa
        ask cat ~root/.bashrc
        ask cat ~+/a.txt
        ask ls /
        ask ls ..
        ask ls ~
        ask ls src/../..
        ask head /etc/passwd
        ask grep x /etc/passwd
        ask grep -f /etc/passwd a.txt
        ask grep -f/etc/passwd a.txt
        ask grep --file=/etc/passwd a.txt
        ask rg x /etc
        ask find / -name x
        ask find . -newer /etc/passwd
        ask cat < /etc/passwd
        ask wc -l </etc/passwd
        ask echo "$(</etc/passwd)"
        ask echo $(cat /etc/passwd)
        ask cat passwd
        ask cat up/x.txt
        ask cat up/../../x
        ask cat inside/../../../x
        ask cat leaks/*.txt
        ask cat */*.txt
        ask cat leaks/key.tx?
        ask cat loop
        ask cd ..
        ask cd /
        ask cd; ls
        ask cd -
        ask cd ~ && ls
        ask cd up && ls
        ask cd inside && ls
        ask cd src && cat ../../x
        ask cd src && cat ../README.md
        ask cd src/deep; cd ..; ls
        ask cd src && cd ../.. && ls
        ask cd nowhere; cat ../x.txt
        ask while true; do cat ../a; cd src; done
        ask f() { cd src; }; f; cat a.txt
        ask cd "$(pwd)/.."; ls
        ask stat /etc/passwd
        ask test -f /etc/passwd
        ask [ -e ../x ]
        ask [[ -f /etc/passwd ]]
        ask diff a.txt /etc/passwd
        ask diff src docs
        ask diff -r src docs
        ask date -r /etc/passwd
        ask cat /dev/tcp/example.com/80
        ask cat < /dev/tcp/example.com/80
        ask sed -n p /etc/passwd
        ask tail -f /var/log/syslog
        ask ls -L passwd
        ask grep -R x .
        ask find -L . -name x
        ask rg --follow x
        ask du -L .
        """);
}
