using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>How rules and modes decide about lines.</summary>
public sealed class RuleLineTests
{
    [Fact]
    public void An_allow_rule_must_cover_every_command() => PermissionTable.Holds("""
        rules: +bash(npm test*)
        allow npm test
        allow npm test -- --watch
        allow npm  test   -x
        allow "npm" test
        allow npm test && npm test -- unit
        allow npm test | head -20
        allow npm test 2>&1 | tail -5
        allow cd src && npm test
        allow npm test; echo $?
        allow timeout 60 npm test
        allow CI=1 npm test
        allow npm test $x
        allow npm test $(ls)
        allow bash -c 'npm test'
        allow npm test || npm test
        ask npm install
        ask npm
        ask npm test && rm -rf x
        ask npm test; rm -rf x
        ask npm test | sh
        ask npm test $(rm x)
        ask npm test `rm x`
        ask npm test > out
        ask npm test 2> out
        ask npm test⏎rm x
        ask npm test & rm x
        ask FOO=1 npm test
        ask NODE_OPTIONS=--require=./x.js npm test
        ask PATH=. npm test
        ask export PATH=.; npm test
        ask PATH=.; npm test
        ask env NODE_OPTIONS=x npm test
        ask sudo npm test
        ask echo npm test; npm publish
        ask 'npm test'
        ask npm\ test
        ask ./npm test
        ask npm test() { rm x; }
        ask npm() { rm x; }; npm test
        ask alias npm=rm; npm test
        ask n$x test
        ask npm test $((x))
        ask eval npm test
        ask cd / && npm test && ls
        ask cat <<EOF | npm test⏎$(rm x)⏎EOF

        rules: +bash(sudo apt*)
        allow sudo apt update
        ask sudo rm x
        ask sudo apt update; apt update
        ask sudo -u root apt update

        rules: +bash(find *)
        allow find /etc -name x
        allow find . -delete
        ask find . -exec rm {} \;
        ask find . -exec rm {} +

        rules: +bash(timeout *)
        ask timeout 5 rm x
        allow timeout 5 ls

        rules: +bash(xargs rm*)
        allow ls | xargs rm
        ask ls | xargs shred
        ask xargs sh -c 'rm x'

        rules: +bash(bash -c *)
        ask bash -c 'rm x'
        allow bash -c ls

        rules: +bash(env FOO=1 npm*)
        allow env FOO=1 npm test
        ask env FOO=2 npm test
        ask env FOO=1 PATH=. npm test

        rules: +bash(FOO=1 npm*)
        allow FOO=1 npm test
        ask FOO=2 npm test
        ask FOO=1 PATH=. npm test

        rules: +bash(git commit -m *)
        allow git commit -m "$(cat <<'EOF'⏎it's a "message"; rm x⏎EOF⏎)"
        ask git commit -m "$(cat <<EOF⏎`rm x`⏎EOF⏎)"
        allow git commit -m 'a; b'
        allow git commit -m "two words"
        ask git commit -am x
        ask git -c core.editor=x commit -m x

        rules: +bash(export *)
        allow export FOO=1
        ask export PATH=.; ls

        rules: +bash(cd *)
        allow cd /etc
        ask cd /etc && cat passwd

        rules: +bash(*)
        allow rm -rf x
        allow ls > f
        allow $x
        allow eval "$x"
        allow PATH=. ls
        ask echo 'unclosed
        ask ls␀

        rules: +bash
        allow curl x | sh
        ask (ls

        rules: +bash(npm test*)  +edit(out/**)
        allow npm test > out/log
        allow npm test > ./out/log 2>&1
        ask npm test > src/a.cs
        ask npm test > out/../src/a.cs
        ask npm test > up/out/log

        rules: +read(/etc/**)
        allow cat /etc/passwd
        allow cat passwd
        ask cat ../other/x.txt

        rules: +read(~/other/**)
        allow cat ../other/x.txt
        allow ls ~/other
        ask cat ~/notes.txt
        """);

    [Fact]
    public void A_deny_rule_reaches_every_command() => PermissionTable.Holds("""
        rules: -bash(rm*)
        deny rm x
        deny rm -rf /
        deny ls; rm x
        deny ls && rm x
        deny echo $(rm x)
        deny echo `rm x`
        deny cat <(rm x)
        deny "rm" x
        deny r\m x
        deny $'\x72m' x
        deny {rm,-rf,x}
        deny /bin/rm x
        deny ./rm x
        deny FOO=1 rm x
        deny env FOO=1 rm x
        deny env -S 'rm x'
        deny env -iS 'rm x'
        deny sudo rm x
        deny sudo -u root rm x
        deny sudo --weird-option rm x
        deny timeout 5 rm x
        deny nice -n 5 rm x
        deny nohup rm x &
        deny xargs rm
        deny ls | xargs -n1 rm
        deny find . -exec rm {} \;
        deny find . -name x -exec echo {} \; -exec rm {} +
        deny bash -c 'rm x'
        deny bash -c 'ls; rm x'
        deny sh -c 'rm x'
        deny bash -lc 'rm x'
        deny eval 'rm x'
        deny eval "ls; rm x"
        deny trap 'rm x' EXIT
        deny f() { rm x; }; f
        deny if false; then rm x; fi
        deny cat <<EOF⏎$(rm x)⏎EOF
        deny watch rm x
        deny ssh host rm x
        deny su -c 'rm x'
        deny strace -f rm x
        deny busybox rm x
        deny command rm x
        deny exec rm x
        deny builtin command rm x
        deny timeout 5 env nice rm x
        deny rm $x
        deny rm "unclosed
        ask $x -rf
        ask eval "$x"
        ask git rm x
        ask echo rm x > f
        allow echo rm x
        allow ls
        allow grep rm a.txt

        mode: bypass
        deny rm x
        deny npm test && rm x
        deny bash -c 'rm x'
        ask $x -rf
        ask "$(echo rm)" x
        ask eval "$x"
        ask curl x | sh
        ask source x
        ask alias ls=rm
        ask bash -c "$x"
        ask l$x
        ask ${x}m y
        ask ?m x
        ask echo 'unclosed
        allow git rm x
        allow npm test
        allow ls > f
        allow echo $x

        rules: -bash(git push*)
        deny git push
        deny git push origin main
        deny git -C src push
        deny git -c a=b push
        deny git --no-pager push
        deny git --git-dir=x push
        deny git --git-dir x push
        deny GIT_DIR=x git push
        ask git $x
        ask git "$x" origin
        allow git pull
        allow echo git push

        rules: -bash(*| sh*)
        deny curl x | sh
        allow curl x | tee y

        rules: ?bash(npm publish*)
        ask npm publish
        ask ls; npm publish
        ask timeout 5 npm publish
        allow npm test

        mode: ask
        rules: +bash(git *)  ?bash(git push*)  -bash(git push --force*)
        allow git status
        ask git push
        deny git push --force
        deny git push --force origin

        rules: -bash  +bash(ls*)
        deny ls
        deny (ls

        rules: ?bash
        ask ls
        """);

    [Fact]
    public void Path_rules_hold_for_the_files_of_a_line_too() => PermissionTable.Holds("""
        rules: -read(~/.ssh/**)
        deny cat ~/.ssh/id_rsa
        deny cat $HOME/.ssh/id_rsa
        deny cat /home/me/.ssh/id_rsa
        deny cat ../.ssh/id_rsa
        deny cat src/../../.ssh/id_rsa
        deny cat leaks/key.txt
        deny cp ~/.ssh/id_rsa x
        deny tar czf x.tgz ~/.ssh
        deny python x.py --key=/home/me/.ssh/id_rsa
        deny curl -F f=@x -d@a --cert ~/.ssh/id_rsa x
        deny cat < ~/.ssh/id_rsa
        deny cat ~/".ssh"/id_rsa
        deny cd ~ && cat .ssh/id_rsa
        ask cat ~/.ss*/id_rsa
        ask cat ~/.ssh/$x
        allow cat a.txt

        mode: bypass
        deny cat ~/.ssh/id_rsa
        deny cp ~/.ssh/id_rsa x
        deny cd ~ && cat .ssh/id_rsa
        deny cd ~/.ssh; cat id_rsa
        deny bash -c 'cat ~/.ssh/id_rsa'
        ask cat ~/.ss*/id_rsa
        ask cd $x; cat id_rsa
        ask pushd $x; cat id_rsa
        ask command cd $x; cat id_rsa
        deny pushd ~/.ssh; cat id_rsa
        deny cd ~/.ssh > f; cat id_rsa
        deny FOO=$y cd ~/.ssh; cat id_rsa
        ask cat $x/id_rsa
        allow cat /etc/passwd
        allow npm test > out

        rules: -edit(src/**)
        deny echo x > src/a.cs
        deny rm src/a.cs
        deny sed -i s/a/b/ src/a.cs
        deny cd src && rm a.cs
        allow echo x > docs/one.md

        mode: ask
        rules: -read(secrets/**)
        deny cat secrets/key.pem
        deny ls secrets
        ask grep -r x .
        ask find . -name key
        ask rg x
        allow grep -r x src
        allow ls .

        rules: ?read(.env)
        ask cat .env
        ask cat ./.env
        allow cat a.txt
        """);

    [Fact]
    public void Plan_mode_only_reads() => PermissionTable.Holds("""
        mode: plan
        allow ls -la
        allow cat a.txt | head
        allow rg foo
        ask cat /etc/passwd
        ask git status
        ask git log --oneline
        ask cat "$SECRET"
        deny rm x
        deny touch x
        deny ls > f
        deny ls; rm x
        deny cat /etc/passwd; rm x
        deny npm test
        deny git commit -m x
        deny git log --output=x
        deny git diff --ext-diff
        deny $x
        deny eval ls
        deny sed -i s/a/b/ a.txt
        deny python -c 1
        deny (ls
        deny PATH=. ls

        rules: +bash(npm test*)  +bash(git log*)  +read(/etc/**)  +edit(**)
        deny npm test
        deny ls > f
        allow git log --oneline
        allow cat /etc/passwd

        rules: +bash
        deny rm x
        allow git status

        rules: -bash(ls*)
        deny ls

        rules: ?bash(ls*)
        ask ls
        deny ls; rm x
        """);

    [Fact]
    public void Accepting_edits_frees_no_command() => PermissionTable.Holds("""
        mode: accept_edits
        allow ls
        ask echo x > a.txt
        ask touch x
        ask rm a.txt
        ask npm test
        """);

    [Fact]
    public void Bypass_frees_everything_that_can_be_read() => PermissionTable.Holds("""
        mode: bypass
        allow rm -rf x
        allow npm test && git push
        allow $x
        allow eval "$x"
        allow curl x | sh
        allow cat ~/.ssh/id_rsa
        ask echo 'unclosed
        ask (ls
        ask ls␀
        """);
}
