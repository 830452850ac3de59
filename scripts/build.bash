# Builds both programs into the folder of the sources' content. Sourced by ./berth when something changed.

# shellcheck source=scripts/dotnet.bash
. "$root/scripts/dotnet.bash" || exit 1

# Makes $build/$name for the sources as they are now, and says so in .build/current.
build_programs() {
    mkdir -p "$build" || return 1
    # One builds; who comes meanwhile waits here and finds its folder done.
    exec 9>"$build/lock"
    if ! flock -n 9; then
        echo "Waiting for another build of Berth …" >&2
        flock 9
    fi

    # The mark is older than the look at the sources, by more than a file system's clock is coarse: whatever
    # changes after this line makes the next call look again.
    local mark=$build/current.new
    : >"$mark" && touch -d "@$((EPOCHSECONDS - 2))" "$mark" || return 1
    name=$(content_hash) || return 1
    if [ ! -x "$build/$name/berth" ]; then
        build_folder "$build/$name" || return 1
        remove_old_folders
    else
        touch "$build/$name"
        if [ -e "$build/$name/berth.dll" ] && [ ! -x "$build/$name/dotnet/dotnet" ]; then
            find_dotnet berth && ln -sfn "$dotnet_root" "$build/$name/dotnet" || return 1
        fi
    fi

    local date
    date=$(stat -c %Y "$mark") && echo "$name" >"$mark" && touch -d "@$date" "$mark" \
        && mv -f "$mark" "$build/current" || return 1
    exec 9>&-
}

# Names and contents of all sources, as 16 hex digits.
content_hash() {
    (cd "$root" && find "${sources[@]#"$root/"}" "${not_outputs[@]}" -type f -print0 | LC_ALL=C sort -z \
        | xargs -0 sha256sum -- | sha256sum | cut -c1-16)
}

# Native code starts in a few milliseconds and takes much less memory; it needs a C linker and a package of the
# .NET team. Code that is compiled ahead for the runtime needs a package alone, and plain code nothing. The best that
# the machine has is taken; BERTH_BUILD names the best one to try, for who builds often.
build_folder() {
    local folder=$1 half=$build/half kind kinds=(plain) last said
    find_dotnet berth || return 1
    echo "Building Berth …" >&2
    [ "${BERTH_BUILD:-}" = plain ] || kinds=(ready "${kinds[@]}")
    [[ ${BERTH_BUILD:-native} = native ]] && linker && kinds=(native "${kinds[@]}")

    for kind in "${kinds[@]}"; do
        # Compiled from nothing each time: what stands in a folder is what its name says. Only the restore is kept.
        rm -rf "$half" "$build/work-$kind"/bin "$build/work-$kind"/obj/*/release* "$build/work-$kind"/publish
        said=$(compile "$kind" "$half" 2>&1) && break
        # What the compiler refuses is the same for every kind; what a kind lacks, the next one does without.
        if [ "$kind" = plain ] || grep -q ': error CS' <<<"$said"; then
            printf '%s\n' "$said" >&2
            echo "berth: the build failed. The errors stand above, all output in $build/build.log." >&2
            read -r last 2>/dev/null <"$build/current" && [ -x "$build/$last/berth" ] \
                && echo "berth: the last good build is still there, to be run as $build/$last/berth" >&2
            return 1
        fi
        mv -f "$build/build.log" "$build/build-$kind.log" 2>/dev/null
    done

    rm -f "$half"/*.dbg
    [ "$kind" = native ] || ln -s "$dotnet_root" "$half/dotnet" || return 1
    mv -T "$half" "$folder"
}

# Sets $linker to the C compiler that links native code.
linker() {
    for linker in clang gcc; do
        command -v "$linker" >/dev/null && return
    done
    return 1
}

compile() {
    local kind=$1 into=$2 options
    case $kind in
    native) options=(-p:PublishAot=true -p:SelfContained=true -p:CppCompilerAndLinker="$linker" -p:DebugType=none) ;;
    ready) options=(-p:PublishReadyToRun=true -p:SelfContained=false -p:DebugType=embedded) ;;
    plain) options=(-p:DebugType=embedded) ;;
    esac
    # Analyzers judge changes in ./test; here they would only cost time, or fail with a newer SDK.
    # The lock files in the checkout belong to the plain build: the packages of the other kinds are the SDK's own choice.
    # AppHostRelativeDotNet: the programs find the runtime by the link beside them, with no variable that tools see.
    [ "$kind" = plain ] || options+=(-p:UseCurrentRuntimeIdentifier=true -p:LockFolder="$build/work-$kind/locks")
    msbuild "$build/build.log" scripts/programs.proj -t:Build -p:Configuration=Release -p:Into="$into" \
        -p:ArtifactsPath="$build/work-$kind" -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false \
        -p:GenerateDocumentationFile=false -p:AppHostRelativeDotNet=dotnet "${options[@]}"
}

# Keeps the three newest folders and those a living process runs from.
remove_old_folders() {
    local in_use folder count=0
    in_use=$(find /proc -mindepth 2 -maxdepth 2 -name exe -printf '%l\n' 2>/dev/null)
    while read -r folder; do
        [[ $folder =~ /[0-9a-f]{16}/$ ]] || continue
        count=$((count + 1))
        [ "$count" -le 3 ] && continue
        case $in_use in
        *"$folder"*) ;;
        *) rm -rf "$folder" ;;
        esac
    done < <(ls -1dt -- "$build"/*/ 2>/dev/null)
}
