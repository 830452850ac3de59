using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>Lines that hide what they run; none of them may pass for a line of the read-only list.</summary>
public sealed class TrickyLineTests
{
    [Fact]
    public void Every_program_of_a_line_is_judged_wherever_it_hides() => PermissionTable.Holds("""
        ask rm -rf x
        ask ls; rm x
        ask ls && rm x
        ask ls || rm x
        ask ls | rm x
        ask ls |& rm x
        ask ls & rm x
        ask ls⏎rm x
        ask ls;⏎rm x
        ask (rm x)
        ask { rm x; }
        ask ! rm x
        ask time rm x
        ask if ls; then rm x; fi
        ask if rm x; then ls; fi
        ask if ls; then ls; else rm x; fi
        ask while rm x; do ls; done
        ask for i in a; do rm $i; done
        ask for i in $(rm x); do ls; done
        ask case x in x) rm x;; esac
        ask case $(rm x) in x) ls;; esac
        ask echo $(rm x)
        ask echo "$(rm x)"
        ask echo "a $(echo "b $(rm x)")"
        ask echo `rm x`
        ask echo "`rm x`"
        ask echo `echo \`rm x\``
        ask cat <(rm x)
        ask cat > >(rm x)
        ask ls 2> >(tee log)
        ask echo ${x:-$(rm x)}
        ask echo "${x:-`rm x`}"
        ask echo $((1 + $(rm x)))
        ask cat <<EOF⏎$(rm x)⏎EOF
        ask cat <<EOF⏎`rm x`⏎EOF
        ask cat <<EOF⏎hello⏎EOF⏎rm x
        ask cat <<'EOF'⏎hello⏎EOF⏎rm x
        ask cat <<EOF | sh⏎rm x⏎EOF
        ask cat <<EOF | bash⏎ls⏎EOF
        ask cat <<A⏎<<B⏎A⏎rm x⏎B
        ask bash <<< 'rm x'
        ask bash < a.txt
        ask sh -s
        ask x=$(rm x)
        ask x=$(rm x) ls
        ask ls $(rm x)
        ask [[ -n $(rm x) ]]
        ask [ -n "$(rm x)" ]
        ask grep x <<< "$(rm x)"
        ask ls > $(rm x)
        ask f() { rm x; }; f
        ask ls() { rm x; }; ls
        ask function ls { rm x; }; ls
        ask cat a.txt; # comment⏎rm x
        ask echo 'a'⏎rm x
        ask echo a \⏎; rm x
        """);

    [Fact]
    public void Wrappers_are_seen_through() => PermissionTable.Holds("""
        allow timeout 5 ls
        allow timeout -k 1 5 ls -la
        allow timeout --signal=KILL 5s cat a.txt
        allow nice ls
        allow nice -n 5 ls
        allow nohup ls
        allow stdbuf -oL cat a.txt
        allow env ls
        allow env LC_ALL=C ls
        allow env -i ls
        allow env -u FOO ls
        allow env -S 'ls -la'
        allow command ls
        allow builtin pwd
        allow exec ls
        allow time -p ls
        allow bash -c 'ls -la'
        allow bash -c "cat a.txt | head -3"
        allow sh -c 'ls; pwd'
        allow bash -ec 'ls'
        allow bash -c "bash -c 'ls'"
        allow timeout 5 nice env ls
        allow echo a | xargs echo
        allow echo a | xargs -n1 echo got
        allow echo a | xargs -I{} echo "got {}"
        allow find . -exec echo {} \;
        allow /bin/ls
        allow /usr/bin/cat a.txt
        ask timeout 5 rm x
        ask timeout rm x
        ask timeout $t ls
        ask timeout 5 $x
        ask nice rm x
        ask nice -5 rm x
        ask nohup rm x &
        ask stdbuf -oL rm x
        ask env rm x
        ask env FOO=1 ls
        ask env PATH=. ls
        ask env LD_PRELOAD=./x.so ls
        ask env -S 'rm x'
        ask env -S'rm x'
        ask env --split-string='rm x'
        ask env -S 'l\s'
        ask env -C /etc cat passwd
        ask env --chdir=/etc cat passwd
        ask env -iS 'rm x'
        ask command rm x
        ask command -p rm x
        ask builtin eval 'rm x'
        ask exec rm x
        ask exec -a ls rm x
        ask exec > out
        ask sudo ls
        ask sudo -u root cat a.txt
        ask doas ls
        ask su -c ls
        ask bash -c 'rm x'
        ask bash -lc 'ls'
        ask bash -ic 'ls'
        ask bash -c "$x"
        ask bash -c "ls $x"
        ask bash -c 'ls "$0"' /etc
        ask bash --rcfile x -ic ls
        ask bash --init-file x
        ask bash script.sh
        ask bash
        ask sh -c 'rm x'
        ask sh -c $'echo $\'\\\'; rm x #\''
        ask sh -c 'cat <(ls)'
        ask sh -c 'ls &> out'
        ask zsh -c 'ls'
        ask bash -c "bash -c 'rm x'"
        ask bash -c 'bash -c "rm x"'
        ask eval ls
        ask eval "rm x"
        ask eval $x
        ask source a.txt
        ask . ./a.txt
        ask trap 'rm x' EXIT
        ask trap ls EXIT
        ask alias ls=rm; ls
        ask alias ls='rm x'⏎ls
        ask shopt -s expand_aliases
        ask enable -f ./x.so ls
        ask hash -p ./evil ls
        ask xargs rm
        ask ls | xargs rm
        ask ls | xargs cat
        ask echo /etc/passwd | xargs cat
        ask echo x | xargs -I{} {}
        ask echo x | xargs -I% sh -c '%'
        allow echo x | xargs sh -c 'echo $0'
        ask echo x | xargs sh -c 'cat $0'
        ask echo x | xargs sh -c
        ask echo x | xargs sh
        ask xargs -a /etc/passwd echo
        ask xargs --arg-file=/etc/passwd echo
        ask ls | xargs -i{} echo {}
        ask parallel ls
        ask watch ls
        ask strace ls
        ask script -c ls
        ask ssh host ls
        ask busybox ls
        ask setsid rm x
        ask coproc ls
        ask ./ls
        ask src/ls
        ask /home/me/proj/bin/ls
        ask ~/bin/ls
        ask /tmp/ls
        ask tool
        ask python -c 'print(1)'
        ask node -e 1
        ask perl -e 1
        ask make
        ask npm test
        """);

    [Fact]
    public void Names_and_words_that_cannot_be_resolved_are_asked_for() => PermissionTable.Holds("""
        ask $x
        ask $CMD a.txt
        ask "$x" a.txt
        ask ${x}ls
        ask l$x
        ask $(echo ls)
        ask `echo ls`
        ask l?
        ask /bin/l*
        ask {rm,-rf,x}
        ask {ls,-la}; rm x
        ask $'\x72m' x
        ask $'\162m' x
        ask r\m x
        ask "rm" x
        ask 'r'm x
        ask r''m x
        ask r\⏎m x
        ask $"ls"
        ask $'ls\0'
        ask $'\cA'
        ask ｌｓ
        ask lѕ
        ask ls⎵-la
        ask ls⎵
        ask echo a⎵b
        ask ls​
        ask echo ‮txt
        ask echo a﻿
        ask ls␍
        ask ls␍⏎rm x
        ask echo "a␍b"
        ask ls␀rm x
        ask cat $x
        ask cat "$x"
        ask cat $(ls)
        ask cat "$(ls)"
        ask cat src/$x
        ask for f in *.txt; do cat "$f"; done
        ask ls $x
        ask ls "$@"
        ask cat ${x:-/etc/passwd}
        ask echo $SECRET
        ask echo "$OPENAI_API_KEY"
        ask echo ${SECRET:-x}
        ask echo ${x:-$SECRET}
        ask cat <<EOF⏎$SECRET⏎EOF
        ask for k in $SECRET; do echo $k; done
        ask x=$SECRET; echo $x
        ask echo ${!x}
        ask echo ${!BASH*}
        ask echo ${x@P}
        ask echo ${x:=y}
        ask echo ${PATH:=.}
        allow echo ${x[1+1]}; x=1
        ask x=1; echo ${x[$(id)]}
        ask x=1; echo ${x:y}
        ask echo $((x))
        ask echo $((x=1))
        ask echo $[1+1]
        ask x='a[$(rm y)]'; echo $((x))
        ask ((x++))
        ask let x=1
        ask for ((i=0;i<3;i++)); do ls; done
        ask a=(1 2 3)
        ask a=(1 2); echo ${a[0]}
        ask a[0]=x
        ask declare -a a
        ask declare x=1
        ask local x=1
        ask ls @(a|b)
        ask ls !(a)
        ask echo ${x:-'a'}; echo "${x:-'}'}"; rm x
        ask echo "$\⏎(rm x)"
        ask echo $\⏎(rm x)
        ask echo $\⏎{x}
        ask ls &\⏎& rm x
        ask cat <<EOF⏎a\⏎EOF⏎rm x⏎EOF
        ask echo $(cat <<EOF)⏎rm x⏎EOF
        ask cat <<$x⏎a⏎EOF
        ask cat <<EOF
        ask echo 'unclosed
        ask echo "unclosed
        ask echo `unclosed
        ask echo $(unclosed
        ask echo ${unclosed
        ask (ls
        ask { ls
        ask ls)
        ask fi
        ask if ls
        ask ls; }
        ask ls ;; pwd
        ask ls &&
        ask && ls
        ask ls |
        ask | ls
        ask ; ls
        ask ()
        ask f()
        ask echo )
        ask case x in
        ask <
        ask >
        ask ls {fd}> out
        ask !!
        ask !ls
        ask [[ a
        ask [[ a # b ]]
        ask [ a
        """);

    [Fact]
    public void Assignments_that_change_programs_are_asked_for() => PermissionTable.Holds("""
        ask PATH=. ls
        ask PATH=.:$PATH ls
        ask PATH=.; ls
        ask PATH+=:.; ls
        ask export PATH=.; ls
        ask LD_PRELOAD=./x.so ls
        ask LD_LIBRARY_PATH=. ls
        ask GIT_DIR=x git version
        ask GIT_SSH_COMMAND=x git version
        ask GIT_EXTERNAL_DIFF=x git version
        ask BASH_ENV=x bash -c ls
        ask ENV=x sh -c ls
        ask IFS=, ls
        ask IFS=,; ls
        ask PS4='$(rm x)'; set -x; ls
        ask PROMPT_COMMAND=x; ls
        ask HOME=/etc; cat ~/passwd
        ask HOME=/etc cat ~/a
        ask for PATH in .; do ls; done
        ask for HOME in /etc; do cat ~/passwd; done
        ask select PATH in .; do ls; done
        ask while read PATH; do ls; done
        ask read PATH < a.txt; ls
        ask LESSOPEN=x cat a.txt
        ask RIPGREP_CONFIG_PATH=x rg foo
        ask LC_ALL=../../x ls
        ask LC_ALL=$x ls
        ask TZ=/etc/passwd date
        ask http_proxy=x; ls
        ask LANG=C PATH=. ls
        """);

    [Fact]
    public void Redirections_to_files_are_asked_for() => PermissionTable.Holds("""
        ask ls > f
        ask ls >> f
        ask ls >| f
        ask ls 1> f
        ask ls 2> f
        ask ls &> f
        ask ls &>> f
        ask ls >& f
        ask ls <> f
        ask ls > src/a.cs
        ask ls >src/a.cs
        ask > f
        ask > f ls
        ask ls > ~/.bashrc
        ask ls > /etc/passwd
        ask ls > "$x"
        ask ls > $x
        ask ls > *.txt
        ask ls 2>&1 > f
        ask ls > /dev/null > f
        ask ls > /dev/nul
        ask ls > /dev/tcp/1.2.3.4/80
        ask ls >&$x
        ask ls <&$x
        ask (ls) > f
        ask { ls; } > f
        ask while true; do ls; done > f
        ask if ls; then ls; fi >> f
        ask for i in a; do ls; done 2> f
        ask [[ a ]] > f
        ask echo x | tee f
        ask exec 3> f
        ask ls 3<> f
        allow ls 2>&1
        allow ls 2>&-
        allow ls >/dev/null 2>/dev/null
        allow ls > /dev/stderr
        allow while true; do ls; done > /dev/null
        """);
}
