using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>What a line of the read-only list may and may not do without a question.</summary>
public sealed class ReadOnlyLineTests
{
    [Fact]
    public void Plain_reading_inside_the_project_is_free() => PermissionTable.Holds("""
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
        """);

    [Fact]
    public void Compound_lines_of_free_commands_are_free() => PermissionTable.Holds("""
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
        """);

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

    [Fact]
    public void Options_that_write_or_run_are_asked_for_in_every_spelling() => PermissionTable.Holds("""
        ask sort -o out a.txt
        ask sort -oout a.txt
        ask sort a.txt -o out
        ask sort -uo out a.txt
        ask sort --output=out a.txt
        ask sort --output out a.txt
        ask sort --ou out a.txt
        ask sort --compress-program=sh a.txt
        ask sort --compress-p sh a.txt
        ask sort --files0-from=list
        ask sort -T /tmp a.txt
        ask sort *
        ask sort -k1 *
        ask sort "$x"
        ask uniq a.txt out
        ask uniq -c a.txt out
        ask uniq *
        ask uniq a.txt $x
        ask date -s 2020-01-01
        ask date --set=x
        ask date --se x
        ask date 01010101
        ask date -us x
        ask date *
        ask find . -delete
        ask find . -name x -delete
        ask find . -fprint out
        ask find . -fprintf out %p
        ask find . -fls out
        ask find . -ok rm {} \;
        ask find . -exec rm {} \;
        ask find . -exec rm {} +
        ask find . -execdir sh -c 'x' \;
        ask find . -exec cat {} \;
        ask find . -name x -exec {} \;
        ask find *
        ask find . -files0-from list
        ask find . $x
        ask sed -i s/a/b/ a.txt
        ask sed -ni p a.txt
        ask sed -i.bak s/a/b/ a.txt
        ask sed --in-place s/a/b/ a.txt
        ask sed --in-pl s/a/b/ a.txt
        ask sed -n 'w out' a.txt
        ask sed -n 'p;w out' a.txt
        ask sed 's/a/b/w out' a.txt
        ask sed 's/a/id/e' a.txt
        ask sed 's/a/b/gw out' a.txt
        ask sed '1e id' a.txt
        ask sed e a.txt
        ask sed 'r /etc/passwd' a.txt
        ask sed -f script a.txt
        ask sed -n '/x/w out' a.txt
        ask sed 's/[/]w out/x/' a.txt
        ask sed "$x" a.txt
        ask sed -e p -e 'w out' a.txt
        ask sed --expression='w out' a.txt
        ask sed --exp='w out' a.txt
        ask sed -s -n '$=;W out' a.txt
        ask rg --pre ./evil foo
        ask rg --pre=evil foo
        ask rg --pre-glob '*' foo
        ask rg --hostname-bin evil foo
        ask rg foo *
        ask rg -z foo
        ask tree -o out
        ask tree -R -H . -L 1
        ask tree *
        ask file -C -m magic
        ask file -z a.txt
        ask file -m /etc/passwd a.txt
        ask wc --files0-from=list
        ask du --files0-from=list
        ask printf -v PATH .
        ask printf -vPATH .
        ask printf "$x" y
        ask test -v 'a[$(id)]'
        ask [ -v 'a[$(id)]' ]
        ask [[ -v a ]]
        ask [ $x = y ]
        ask [[ x -eq a ]]
        ask [[ $x -gt 3 ]]
        ask read PATH
        ask read -a list
        ask read 'a[0]'
        ask md5sum -c sums
        ask awk '{print}' a.txt
        ask awk 'BEGIN{system("id")}'
        ask xxd a.txt out
        ask tee out
        ask env
        ask printenv
        ask export
        ask set
        ask less a.txt
        ask more a.txt
        ask vim a.txt
        ask man ls
        ask ps aux
        ask cat --help-me a.txt
        ask ls --no-such
        ask hostname evil
        ask set -- a b
        ask set -o posix
        ask set -a
        """);

    [Fact]
    public void Git_is_asked_for_but_where_it_can_run_nothing() => PermissionTable.Holds("""
        ask git status
        ask git diff
        ask git diff --ext-diff
        ask git diff --no-ext-diff --no-textconv
        ask git log
        ask git log --oneline -5
        ask git log --output=x
        ask git show HEAD
        ask git ls-files
        ask git grep x
        ask git grep -O x
        ask git blame a.txt
        ask git -c alias.x='!id' x
        ask git -c core.pager=id log
        ask git -C src status
        ask git -C . rev-parse --show-toplevel
        ask git --git-dir=x rev-parse --git-dir
        ask git --exec-path=. version
        ask git -p version
        ask git rev-parse HEAD
        ask git branch -D main
        ask git branch
        ask git tag v1
        ask git remote add x y
        ask git remote show origin
        ask git config user.name x
        ask git config --list
        ask git push
        ask git commit -m x
        ask git checkout .
        ask git stash
        ask git $x
        ask git
        ask git symbolic-ref HEAD refs/heads/x
        allow git version
        allow git --no-pager branch --show-current
        allow git symbolic-ref --short HEAD
        """);
}
