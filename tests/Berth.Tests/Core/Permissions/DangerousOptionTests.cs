using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>Programs that mostly read, and the ways in which they do not.</summary>
public sealed class DangerousOptionTests
{
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
        ask printf 'x%n' PATH
        ask printf -- 'x%-5n' PATH
        ask printf '%ln' PATH
        ask printf "%s$x" PATH
        ask printf %
        allow printf '%-5s|%05.2f %d%% %(%F)T\n' a 1 2
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
