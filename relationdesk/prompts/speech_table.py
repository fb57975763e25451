"""The words by which a complaint, praise, a suggestion and an introduction are told: one table to read and to mend, per language.

`STRONG` phrases say it alone, of `WEAK` ones it takes two, or one and one of `HELPING`, which say nothing by themselves. Phrases are parted by a bar and written in small letters; accents and
the kind of apostrophe do not matter. A phrase of several words must stand in this order without a gap.
Words that mean something else in a neighbouring language are left out.
"""

from __future__ import annotations

COMPLAINT, PRAISE, SUGGESTION, REFERRAL = "complaint", "praise", "suggestion", "referral"

STRONG: tuple[tuple[str, str, str], ...] = (
    ("en", COMPLAINT,
     "won't start | won't work | hasn't worked | can't connect | cannot connect | does not work | doesn't work | do not work | don't work | did not work | didn't work | not working | stopped working | never works | never worked | "
     "still broken | is broken | are broken | was broken | arrived broken | keeps crashing | keeps failing | keeps dropping | keeps breaking | "
     "disappointed | disappointing | unacceptable | not acceptable | fed up | not what we signed for | not what we signed up for | "
     "not what we ordered | not what we paid for | let us down | lets us down | third time this | second time this | yet another outage | "
     "third outage | second outage | another outage | still waiting for | no answer from | nobody answers | nobody replies | never got back | "
     "not happy with | unhappy with | not satisfied | dissatisfied | terrible service | bad service | poor service | awful service | worst service | "
     "waste of money | waste of time | money back | i want a refund | want a refund | wrong invoice | invoice is wrong | charged twice | billed twice | "
     "overcharged | i complain | to complain | my complaint | a complaint | formal complaint | ridiculous | useless | not good enough | "
     "does not answer | doesn't answer | ignored my | ignored our | misleading | rip off | would not recommend | wouldn't recommend | do not recommend | "
     "avoid this | stay away from | too late again | late again | wrong again | broken again | down again | failed again | had enough of"),
    ("de", COMPLAINT,
     "funktioniert nicht | funktionieren nicht | funktioniert schon wieder nicht | funktioniert immer noch nicht | funktioniert leider nicht | funktioniert gar nicht | geht immer noch nicht | geht nicht mehr | schon wieder kaputt | ist kaputt | sind kaputt | "
     "schon wieder ausgefallen | schon wieder ein ausfall | enttäuscht | enttäuschend | inakzeptabel | nicht hinnehmbar | eine frechheit | "
     "unzufrieden | nicht zufrieden | schlechter service | mieser service | niemand antwortet | keine antwort erhalten | immer noch keine antwort | "
     "warten immer noch | warte immer noch | falsche rechnung | rechnung ist falsch | doppelt abgebucht | doppelt berechnet | beschwerde | "
     "beschweren | reklamation | reklamieren | geld zurück | ärgerlich | unbrauchbar | nicht zu empfehlen | kann ich nicht empfehlen | "
     "so nicht vereinbart | nicht was wir bestellt haben | unzumutbar | stürzt ständig ab | schon wieder zu spät | wieder nicht geliefert"),
    ("fr", COMPLAINT,
     "ne fonctionne pas | ne fonctionne plus | ne fonctionnent pas | ne marche pas | ne marche plus | est en panne | encore en panne | tombe en panne | "
     "déçu | déçue | déçus | décevant | inacceptable | inadmissible | mécontent | mécontente | mécontents | pas satisfait | pas satisfaits | pas contents | "
     "mauvais service | service déplorable | personne ne répond | aucune réponse de | toujours pas de réponse | toujours aucune réponse | "
     "facture erronée | erreur de facturation | facturé deux fois | réclamation | me plaindre | nous plaindre | une plainte | remboursement | "
     "une honte | ras le bol | ne recommande pas | je déconseille | pas ce que nous avons commandé | pas ce qui était convenu"),
    ("es", COMPLAINT,
     "no funciona | no funcionan | dejó de funcionar | ha dejado de funcionar | sigue sin funcionar | está roto | está rota | decepcionado | decepcionada | "
     "decepcionados | decepcionante | inaceptable | indignante | insatisfecho | insatisfechos | descontento | descontentos | mal servicio | pésimo servicio | "
     "nadie responde | nadie contesta | sin respuesta | seguimos esperando | sigo esperando | factura equivocada | factura incorrecta | cobrado dos veces | "
     "queja | quejarme | reclamación | reembolso | una vergüenza | no lo recomiendo | no recomiendo | no es lo que contratamos | no es lo que pedimos"),
    ("it", COMPLAINT,
     "non funziona | non funzionano | ha smesso di funzionare | è rotto | è rotta | di nuovo guasto | deluso | delusa | delusi | deludente | inaccettabile | "
     "insoddisfatto | insoddisfatti | non soddisfatto | scontento | scontenti | pessimo servizio | servizio pessimo | nessuno risponde | nessuna risposta | "
     "stiamo ancora aspettando | sto ancora aspettando | fattura sbagliata | fattura errata | addebitato due volte | reclamo | lamentarmi | rimborso | "
     "una vergogna | non lo consiglio | non consiglio | sconsiglio | non è quello che abbiamo ordinato"),
    ("nl", COMPLAINT,
     "werkt niet | werken niet | doet het niet | weer kapot | is kapot | teleurgesteld | teleurstellend | onacceptabel | onaanvaardbaar | ontevreden | "
     "niet tevreden | slechte service | niemand antwoordt | niemand reageert | geen antwoord gekregen | nog steeds geen antwoord | wachten nog steeds | "
     "wacht nog steeds | verkeerde factuur | factuur klopt niet | dubbel gefactureerd | klacht | klagen | geld terug | belachelijk | waardeloos | "
     "niet wat we hebben besteld | niet wat is afgesproken | raad ik niet aan | alweer een storing | weer een storing"),
    ("pt", COMPLAINT,
     "não funciona | não funcionam | deixou de funcionar | parou de funcionar | está avariado | está avariada | está quebrado | desiludido | desiludida | "
     "desiludidos | decepcionado | decepcionada | decepcionante | dececionado | inaceitável | insatisfeito | insatisfeita | insatisfeitos | descontente | "
     "péssimo serviço | mau serviço | ninguém responde | sem resposta | continuamos à espera | ainda estamos à espera | fatura errada | cobrado duas vezes | "
     "reclamação | reclamar | reembolso | uma vergonha | não recomendo | não foi o que encomendámos | não é o que contratámos"),
    ("sv", COMPLAINT,
     "fungerar inte | fungerade inte | slutade fungera | är trasig | är trasigt | besviken | besvikna | oacceptabelt | missnöjd | missnöjda | inte nöjd | "
     "inte nöjda | dålig service | usel service | ingen svarar | inget svar | väntar fortfarande | fel faktura | fakturan är fel | debiterats två gånger | "
     "klagomål | klaga | reklamera | reklamation | pengarna tillbaka | bedrövligt | värdelös | inte vad vi beställde | kan inte rekommendera"),
    ("en", PRAISE,
     "highly recommend | can recommend | i recommend | we recommend | would recommend | strongly recommend | thank you so much | thanks so much | "
     "many thanks for your great | great work | great job | good job | well done | excellent work | excellent service | great service | "
     "fantastic service | great support | excellent support | love it | love this | love how | love the | we love | i love | very happy with | so happy with | "
     "really happy with | delighted | delighted with | very pleased | really pleased | so pleased | impressed by | impressed with | very impressed | "
     "really impressed | kudos | hats off | shout out to | shoutout to | best decision | best in the business | best supplier | saved us | saved our | "
     "paid for itself | works perfectly | work perfectly | works like a charm | works beautifully | exceeded our expectations | above and beyond | "
     "couldn't be happier | could not be happier | a pleasure to work with | pleasure working with | five stars | keep up the good work | big fan of | "
     "cannot praise | worth every | second to none | made my day | brilliant work | outstanding service | outstanding work | outstanding job | outstanding support"),
    ("de", PRAISE,
     "kann ich nur empfehlen | können wir nur empfehlen | sehr zu empfehlen | sehr empfehlenswert | wärmstens empfehlen | empfehle ich gern | empfehle ich jedem | "
     "vielen dank für die tolle | vielen dank für den tollen | vielen dank für die schnelle | vielen dank für die großartige | tolle arbeit | großartige arbeit | "
     "gute arbeit | super arbeit | hervorragende arbeit | super service | toller service | hervorragender service | sehr zufrieden | rundum zufrieden | "
     "begeistert | läuft einwandfrei | funktioniert einwandfrei | funktioniert hervorragend | ein großes lob | großes lob | ein lob | hut ab | "
     "hat uns gerettet | beste entscheidung | macht spaß mit euch | klasse gemacht | weiter so | beeindruckt | unsere erwartungen übertroffen"),
    ("fr", PRAISE,
     "je recommande | nous recommandons | recommande vivement | recommandons vivement | excellent travail | excellent service | très bon travail | beau travail | bon travail | "
     "bravo | très satisfait | très satisfaite | très satisfaits | ravi | ravie | ravis | très content | très contente | très contents | enchanté de votre | "
     "merci pour votre excellent | merci pour votre réactivité | merci mille fois | impressionné | impressionnée | impressionnés | chapeau | "
     "fonctionne parfaitement | marche parfaitement | au delà de nos attentes | nous a sauvés | meilleur fournisseur | un vrai plaisir | j'adore | on adore | nous adorons"),
    ("es", PRAISE,
     "lo recomiendo | os recomiendo | recomiendo mucho | totalmente recomendable | muy recomendable | excelente trabajo | buen trabajo | gran trabajo | "
     "excelente servicio | muy buen servicio | muy contento | muy contenta | muy contentos | muy satisfecho | muy satisfecha | muy satisfechos | encantado con | "
     "encantada con | encantados con | enhorabuena | felicidades por | impresionado | impresionada | impresionados | funciona perfectamente | funciona de maravilla | "
     "me encanta | nos encanta | superó nuestras expectativas | ha superado nuestras expectativas | nos salvó | la mejor decisión | mil gracias por"),
    ("it", PRAISE,
     "lo consiglio | consiglio vivamente | consigliatissimo | ottimo lavoro | ottimo servizio | bel lavoro | gran lavoro | eccellente servizio | "
     "molto contento | molto contenta | molto contenti | molto soddisfatto | molto soddisfatta | molto soddisfatti | entusiasta | entusiasti | complimenti | "
     "impressionato | impressionata | impressionati | funziona perfettamente | funziona benissimo | ci ha salvato | ci avete salvato | la migliore decisione | "
     "oltre le aspettative | un piacere lavorare | bravissimi | bravissimo | grazie mille per l'ottimo"),
    ("nl", PRAISE,
     "een aanrader | echte aanrader | zeker aan te raden | kan ik aanraden | kunnen we aanraden | goed werk | geweldig werk | prima werk | uitstekende service | "
     "geweldige service | goede service | heel tevreden | zeer tevreden | erg tevreden | super tevreden | erg blij met | heel blij met | onder de indruk | petje af | "
     "complimenten | werkt perfect | werkt uitstekend | onze verwachtingen overtroffen | heeft ons gered | beste beslissing | hulde | dikke pluim | een pluim"),
    ("pt", PRAISE,
     "recomendo vivamente | super recomendo | eu recomendo | recomendamos | excelente trabalho | bom trabalho | ótimo trabalho | excelente serviço | ótimo serviço | "
     "muito satisfeito | muito satisfeita | muito satisfeitos | muito contente | muito contentes | muito feliz com | muito felizes com | parabéns | impressionado | impressionada | "
     "impressionados | funciona perfeitamente | funciona na perfeição | superou as expectativas | superou as nossas expectativas | salvou nos | melhor decisão | "
     "um prazer trabalhar | adorei | adoramos | cinco estrelas"),
    ("sv", PRAISE,
     "kan varmt rekommendera | rekommenderar varmt | kan rekommendera | bra jobbat | bra jobb | fantastiskt jobb | utmärkt service | fantastisk service | "
     "mycket nöjd | mycket nöjda | väldigt nöjd | väldigt nöjda | jättenöjd | jättenöjda | imponerad | imponerade | fungerar perfekt | fungerar utmärkt | "
     "överträffade våra förväntningar | bästa beslutet | räddade oss | stort beröm | en eloge | hatten av"),
    ("en", SUGGESTION,
     "it would be nice if | would be nice to have | it would be great if | would be great to have | it would be good if | would be helpful if | "
     "would be useful if | would be handy if | it would help if | would help to have | i suggest | we suggest | my suggestion | a suggestion | one suggestion | suggestion for | "
     "i propose | i would propose | could you add | can you add | please add | please consider | you should add | you should consider | you might consider | you may want to | "
     "have you considered | have you thought about | have you thought of | consider adding | feature request | a feature idea | an idea for | here is an idea | here's an idea | "
     "i wish it | i wish you | i wish there | we wish there | wish list | wishlist | it would be better if | would be better to | would love to see | we would like to see | i would like to see | "
     "i'd like to see | i'd love to see | we'd love to see | it'd be great if | it'd be nice if | why not add | how about adding | what about adding | should be possible to | should allow | should support"),
    ("de", SUGGESTION,
     "es wäre schön wenn | wäre schön wenn | wäre toll wenn | es wäre toll | wäre gut wenn | wäre hilfreich wenn | wäre praktisch wenn | wäre super wenn | es wäre hilfreich | mein vorschlag | "
     "ein vorschlag | vorschlag für | ich schlage vor | wir schlagen vor | ich würde vorschlagen | ich rege an | eine anregung | als anregung | verbesserungsvorschlag | eine idee für | "
     "könntet ihr einbauen | könnten sie einbauen | könntet ihr ergänzen | könnten sie ergänzen | bitte ergänzen | habt ihr überlegt | haben sie überlegt | ich würde mir wünschen | "
     "wir würden uns wünschen | ich wünsche mir | wir wünschen uns | wünschenswert | ihr solltet | besser wäre es wenn"),
    ("fr", SUGGESTION,
     "ce serait bien si | ce serait bien de | ce serait bien que | ce serait mieux si | il serait utile de | il serait utile que | serait pratique de | serait intéressant de | je suggère | nous suggérons | "
     "ma suggestion | une suggestion | je propose de | je propose que | nous proposons de | pourriez vous ajouter | pouvez vous ajouter | merci d'ajouter | vous devriez | avez vous pensé à | avez vous envisagé | "
     "une idée pour | j'aimerais voir | nous aimerions voir | il faudrait ajouter | il faudrait pouvoir"),
    ("es", SUGGESTION,
     "estaría bien que | estaría bien si | estaría bien poder | sería bueno que | sería bueno tener | sería genial que | sería genial si | sería útil que | sería útil poder | sería mejor si | sugiero | sugerimos | sugeriría | "
     "mi sugerencia | una sugerencia | propongo | proponemos | podríais añadir | podrían añadir | podría añadir | podrían agregar | por favor añadan | deberían añadir | deberíais añadir | deberían agregar | habéis pensado en | "
     "han pensado en | una idea para | me gustaría ver | nos gustaría ver"),
    ("it", SUGGESTION,
     "sarebbe bello se | sarebbe bello poter | sarebbe utile se | sarebbe utile poter | sarebbe utile avere | sarebbe meglio se | sarebbe comodo | suggerisco | suggeriamo | suggerirei | il mio suggerimento | un suggerimento | "
     "propongo | proponiamo | potreste aggiungere | potete aggiungere | dovreste aggiungere | avete pensato a | avete pensato di | un'idea per | mi piacerebbe vedere | ci piacerebbe vedere"),
    ("nl", SUGGESTION,
     "het zou fijn zijn als | zou fijn zijn als | zou mooi zijn als | zou handig zijn als | zou handig zijn om | zou goed zijn als | zou beter zijn als | ik stel voor | wij stellen voor | we stellen voor | mijn voorstel | een voorstel | "
     "een suggestie | mijn suggestie | een idee voor | kunnen jullie toevoegen | zouden jullie kunnen toevoegen | hebben jullie overwogen | hebben jullie eraan gedacht | ik zou graag zien | we zouden graag zien | jullie zouden"),
    ("pt", SUGGESTION,
     "seria bom se | seria bom ter | seria ótimo se | seria ótimo ter | seria útil se | seria útil ter | seria útil poder | seria melhor se | sugiro | sugerimos | sugeria | a minha sugestão | minha sugestão | uma sugestão | "
     "proponho | propomos | poderiam acrescentar | podiam acrescentar | podem acrescentar | poderiam adicionar | podem adicionar | deviam acrescentar | deveriam adicionar | já pensaram em | uma ideia para | gostaria de ver | gostávamos de ver | gostaríamos de ver"),
    ("sv", SUGGESTION,
     "det vore bra om | vore bra om | det vore fint om | vore kul om | vore toppen om | det skulle vara bra om | skulle vara bra om | skulle hjälpa om | jag föreslår | vi föreslår | mitt förslag | ett förslag | ett förbättringsförslag | "
     "kan ni lägga till | skulle ni kunna lägga till | har ni funderat på | har ni tänkt på | en idé för | jag skulle vilja se | vi skulle vilja se | vi önskar att | jag önskar att"),
    ("en", REFERRAL,
     "let me introduce you | i would like to introduce | i'd like to introduce | i want to introduce | like you to meet | introducing you to | an introduction to | "
     "putting you in touch | put you in touch | connecting you with | connecting the two of you | i told them about you | gave them your name | passed on your name"),
    ("de", REFERRAL, "darf ich vorstellen | darf ich dir vorstellen | darf ich ihnen vorstellen | ich möchte ihnen vorstellen | möchte euch bekannt machen | bringe sie in kontakt | stelle den kontakt her | habe ihren namen genannt"),
    ("fr", REFERRAL, "je vous présente | je te présente | permettez moi de vous présenter | je vous mets en relation | je vous mets en contact | j'ai donné votre nom"),
    ("es", REFERRAL, "te presento a | os presento a | le presento a | quiero presentarte | quería presentarte | les pongo en contacto | os pongo en contacto | te pongo en contacto"),
    ("it", REFERRAL, "ti presento | vi presento | le presento | vorrei presentarti | vorrei presentarle | vi metto in contatto | ti metto in contatto | ho fatto il tuo nome"),
    ("nl", REFERRAL, "mag ik voorstellen | ik stel je voor aan | ik wil je voorstellen aan | breng jullie in contact | breng ik jullie in contact | heb je naam doorgegeven"),
    ("pt", REFERRAL, "apresento te | apresento lhe | gostava de te apresentar | gostaria de apresentar | ponho vos em contacto | coloco vocês em contato | dei o seu nome"),
    ("sv", REFERRAL, "får jag presentera | jag vill presentera | jag kopplar ihop er | jag kopplar ihop dig | sätter er i kontakt | gav dem ditt namn"),
)  # fmt: skip

WEAK: tuple[tuple[str, str, str], ...] = (
    ("en", COMPLAINT,
     "broken | fails | failed | failing | crash | crashes | crashed | outage | outages | downtime | buggy | wrong | annoying | "
     "annoyed | frustrated | frustrating | terrible | awful | horrible | worst | delayed | damaged | refund | unusable | angry | "
     "unreliable | faulty | leak | leaks"),
    ("de", COMPLAINT,
     "kaputt | ausfall | ausfälle | störung | störungen | fehler | defekt | falsch | verspätet | verspätung | schlimm | "
     "mangelhaft | nervt | absturz"),
    ("fr", COMPLAINT, "panne | pannes | défaut | cassé | cassée | retard | retards | bogue"),
    ("es", COMPLAINT, "roto | rota | avería | averías | fallo | fallos | falla | retraso | pésimo"),
    ("it", COMPLAINT, "rotto | rotta | guasto | guasti | ritardo | ritardi | pessimo | pessima | difettoso"),
    ("nl", COMPLAINT, "kapot | storing | storingen | defect | vertraging | vervelend"),
    ("pt", COMPLAINT, "avaria | avarias | falha | falhas | atraso | péssimo | defeito"),
    ("sv", COMPLAINT, "trasig | trasigt | avbrott | försenad | försening"),
    ("en", PRAISE,
     "excellent | amazing | awesome | fantastic | brilliant | wonderful | superb | perfectly | loved | pleased | impressive | "
     "recommend | reliable | smooth"),
    ("de", PRAISE,
     "toll | tolle | tolles | großartig | großartige | hervorragend | hervorragende | zuverlässig | zufrieden | empfehlen | "
     "empfehle | gelungen"),
    ("fr", PRAISE,
     "excellent | excellente | formidable | génial | géniale | fiable | satisfait | satisfaite | satisfaits | recommander | "
     "efficace | réactif | réactive"),
    ("es", PRAISE,
     "excelente | fantástico | fantástica | fiable | satisfecho | contentos | contento | recomendar | estupendo | estupenda | "
     "maravilloso"),
    ("it", PRAISE,
     "eccellente | ottimo | ottima | fantastico | fantastica | affidabile | soddisfatto | soddisfatti | contenti | consigliare | "
     "splendido | splendida"),
    ("nl", PRAISE,
     "geweldig | geweldige | uitstekend | uitstekende | fantastisch | fantastische | betrouwbaar | tevreden | aanraden"),
    ("pt", PRAISE,
     "excelente | ótimo | ótima | fantástico | fantástica | fiável | satisfeito | satisfeitos | recomendar | maravilhoso"),
    ("sv", PRAISE, "utmärkt | fantastisk | fantastiskt | pålitlig | nöjd | nöjda | rekommendera | strålande | jättebra"),
    ("en", SUGGESTION,
     "suggest | suggestion | improvement | could add | would be nice | would be great | would be helpful | would be useful"),
    ("de", SUGGESTION, "vorschlag | vorschlagen | verbesserung | wäre schön | wäre gut | wäre hilfreich | könnte man"),
    ("fr", SUGGESTION, "suggestion | suggérer | amélioration | serait bien | serait utile"),
    ("es", SUGGESTION, "sugerencia | sugerir | mejora | estaría bien | sería útil | sería bueno"),
    ("it", SUGGESTION, "suggerimento | suggerire | sarebbe utile | sarebbe bello"),
    ("nl", SUGGESTION, "suggestie | voorstel | zou handig zijn | zou fijn zijn"),
    ("pt", SUGGESTION, "sugestão | sugerir | seria útil | seria bom"),
    ("sv", SUGGESTION, "förslag | föreslå | vore bra | vore fint"),
)  # fmt: skip

HELPING: tuple[tuple[str, str, str], ...] = (
    ("en", COMPLAINT,
     "again | still | sadly | unfortunately | late | slow | poor | bad | missing | problem | problems | issue | issues | delay | "
     "error | errors | bug"),
    ("de", COMPLAINT, "leider | wieder | ständig | langsam | problem | probleme | schlecht | fehlt | fehlen"),
    ("fr", COMPLAINT,
     "malheureusement | encore | toujours pas | manque | lent | lente | problème | problèmes | mauvais | nul | nulle | erreur | "
     "erreurs"),
    ("es", COMPLAINT,
     "lamentablemente | otra vez | todavía | falta | lento | lenta | problema | problemas | malo | mala | error | errores"),
    ("it", COMPLAINT, "purtroppo | ancora | di nuovo | manca | mancano | lento | lenta | problema | problemi | errore | errori"),
    ("nl", COMPLAINT, "helaas | alweer | steeds | te laat | traag | probleem | problemen | slecht | fout | fouten | ontbreekt"),
    ("pt", COMPLAINT, "infelizmente | outra vez | de novo | falta | lento | lenta | problema | problemas | mau | má | erro | erros"),
    ("sv", COMPLAINT, "tyvärr | igen | fortfarande | fel | saknas | långsam | långsamt | problem | dålig | dåligt"),
    ("en", PRAISE,
     "love | happy | thank you | thanks | best | nice | fast | quick | friendly | glad | grateful | great | lovely | perfect | "
     "helpful | recommended"),
    ("de", PRAISE, "danke | vielen dank | schnell | schnelle | prima | super | perfekt | klasse | freundlich | spitze"),
    ("fr", PRAISE, "merci | rapide | super | parfait | parfaite | agréable"),
    ("es", PRAISE, "gracias | rápido | rápida | amable | amables | perfecto | perfecta | genial"),
    ("it", PRAISE, "grazie | veloce | gentile | gentili | perfetto | perfetta"),
    ("nl", PRAISE, "bedankt | dank | snel | snelle | top | prima | fijn | perfect | vriendelijk"),
    ("pt", PRAISE, "obrigado | obrigada | rápido | rápida | simpático | simpática | perfeito | perfeita"),
    ("sv", PRAISE, "tack | snabb | snabbt | vänlig | toppen | perfekt"),
    ("en", SUGGESTION, "idea | option | should | maybe | perhaps | instead | feature | improve | propose | wish"),
    ("de", SUGGESTION, "idee | funktion | option | sollte | vielleicht | stattdessen | verbessern"),
    ("fr", SUGGESTION, "idée | ajouter | option | peut être | plutôt | pourrait | améliorer"),
    ("es", SUGGESTION, "idea | añadir | agregar | opción | quizás | quizá | podría | mejorar"),
    ("it", SUGGESTION, "idea | aggiungere | opzione | forse | magari | potrebbe | migliorare"),
    ("nl", SUGGESTION, "idee | toevoegen | optie | misschien | zouden | verbeteren"),
    ("pt", SUGGESTION, "ideia | acrescentar | adicionar | opção | talvez | poderia | melhorar"),
    ("sv", SUGGESTION, "idé | lägga till | alternativ | kanske | skulle kunna | förbättra"),
)  # fmt: skip

NEGATIONS = (
    "not no never nor hardly without isn't wasn't aren't don't doesn't didn't can't cannot won't wouldn't nicht kein keine keinen keinem nie ohne pas jamais aucun aucune sans "
    "nunca sin mai nessun nessuna senza niet geen nooit zonder nao nenhum nenhuma sem inte ingen inget aldrig utan non ningun ninguna"
)
"""Before a word of praise one of these turns it, before a word of complaint it takes it away ("no problem")."""
