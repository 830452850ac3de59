#!/usr/bin/env bash
# Draws docs/terminal.svg: starts Berth in tmux in a place of its own, lets the offline model work, and turns what the
# terminal shows at one moment into a picture. Everything in it was on a screen.
set -u

self=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
picture=${1:-$root/docs/terminal.svg}
columns=96 rows=26
export LC_ALL=C.UTF-8

command -v tmux >/dev/null || { echo "picture: tmux is needed. Install the package tmux." >&2; exit 1; }
"$root/berth" --version >/dev/null || exit 1

place=$(mktemp -d) || exit 1
server=berth-picture-$$
in_tmux() { tmux -u -L "$server" -f /dev/null "$@"; }
clean_up() {
    in_tmux kill-server 2>/dev/null
    HOME=$place BERTH_HOME=$place/berth "$root/berth" daemon stop >/dev/null 2>&1
    rm -rf "$place"
}
trap clean_up EXIT
mkdir -p "$place/harbour" "$place/berth/config"
echo '{"model": "demo", "permissions": {"allow": ["bash(./check)"]}}' >"$place/berth/config/config.json"
cat >"$place/harbour/check" <<'END'
#!/bin/sh
for part in parser log board wire terminal; do
    echo "$part: 12 tests passed"
    sleep 1
done
sleep 20
END
chmod +x "$place/harbour/check"

# Types lines, each with Enter.
say() {
    local line
    for line; do
        in_tmux send-keys -l "$line"
        in_tmux send-keys Enter
    done
}

# Waits until the screen matches, at most twenty seconds.
await() {
    local end=$((SECONDS + 20))
    until in_tmux capture-pane -p | grep -qE -- "$1"; do
        [ $SECONDS -lt $end ] || { echo "picture: the screen never showed: $1" >&2; in_tmux capture-pane -p >&2; exit 1; }
        in_tmux run-shell -d 0.1 ''
    done
}

in_tmux new-session -d -x $columns -y $rows -c "$place/harbour" \
    "env -u NO_COLOR TERM=tmux-256color HOME='$place' BERTH_HOME='$place/berth' '$root/berth'"
await '❯ Ask for something'
say 'wait 120'
await 'the tide'
say '/bg' '/bg /run run: ls -l' '/bg /run wait 60'
await 'bg: 2 running · 1 done'
in_tmux send-keys C-l
say '/bg /list'
await 'Summary'
say 'run: ./check'
await 'Working · [3-9]s'
screen=$(in_tmux capture-pane -p -e) || exit 1

# One cell of the picture; the colours are those of a common dark terminal.
readonly cell_width=9 cell_height=20 margin=18
declare -A palette=([31]=#ff7b72 [32]=#56d364 [33]=#e3b341 [34]=#79c0ff [35]=#d2a8ff [36]=#56d4dd [37]=#d0d7de [90]=#8b949e)
colour=#d0d7de bold= dim= italic= underline=

# Takes one SGR sequence's parameters in.
style() {
    local code
    for code in ${1//;/ } ''; do
        case ${code:-end} in
        end) [ -n "$1" ] || { colour=#d0d7de bold= dim= italic= underline=; } ;;
        0) colour=#d0d7de bold= dim= italic= underline= ;;
        1) bold=' font-weight="bold"' ;;
        2) dim=' opacity="0.6"' ;;
        3) italic=' font-style="italic"' ;;
        4) underline=' text-decoration="underline"' ;;
        22) bold= dim= ;;
        23) italic= ;;
        24) underline= ;;
        39) colour=#d0d7de ;;
        *) colour=${palette[$code]:-$colour} ;;
        esac
    done
}

# One run of text in the style that holds, at a column and row; each stands where the terminal had it.
run() {
    local text=$1 column=$2 row=$3
    [ -n "${text// /}" ] || return
    text=${text//&/&amp;} text=${text//</&lt;} text=${text//>/&gt;}
    printf '<text x="%d" y="%d" textLength="%d" fill="%s"%s%s%s%s>%s</text>\n' $((margin + column * cell_width)) \
        $((margin + 15 + row * cell_height)) $((${#1} * cell_width)) "$colour" "$bold" "$dim" "$italic" "$underline" "$text"
}

draw() {
    local line row=0 column width=$((columns * cell_width + 2 * margin)) height=$((rows * cell_height + 2 * margin))
    printf '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">\n' \
        $width $height $width $height
    printf '<title>Berth in a terminal</title>\n<rect width="%d" height="%d" rx="10" fill="#0d1117"/>\n' $width $height
    printf '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="15" %s>\n' \
        'xml:space="preserve" style="white-space:pre" lengthAdjust="spacingAndGlyphs"'
    while IFS= read -r line; do
        column=0
        while [[ $line =~ ^([^$'\e']*)$'\e'\[([0-9\;]*)m(.*)$ ]]; do
            line=${BASH_REMATCH[3]}
            set -- "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
            run "$1" $column $row
            column=$((column + ${#1}))
            style "$2"
        done
        run "$line" $column $row
        row=$((row + 1))
    done <<<"$screen"
    printf '</g>\n</svg>\n'
}

draw >"$picture.new" && mv -f "$picture.new" "$picture" && echo "Drawn: $picture"
