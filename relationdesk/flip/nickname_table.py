"""Forms of given names that are used for one another, by language; read by `nicknames.py`. A table, to be read and added to.

Each line is one name: the full form first, behind it the short, pet and neighbouring forms that its bearers use. A form may stand
in several lines (Alex, Sasha, Kim). Two forms of one line are taken for forms of one name; two names that stand in different
lines only are two names (Dan and Dana, Mary and Gary). All are written in Latin letters without marks; the finder compares by
`letters.sound`, so that one spelling stands for those of other systems (Sergey, Sergei) and for Cyrillic and Greek.

The facts are those of common reference works (dictionaries of given names; the hypocorisms listed with each name in
encyclopaedias) and of everyday use. No list of others was copied; how much of the English list of the package
`nicknames` (Apache 2.0) it knows is measured by `make bench-matching`.
"""

TABLE = {
    "English": """
aaron ron ronnie|abigail abby abbie gail|abraham abe bram|adelaide addie|adrian ade|agnes aggie|alan allan allen al|albert al bert bertie
|alexander alex sandy xander lex al alec sasha|alexandra alex sandra lexi sandy alexa sasha|alfred alf alfie fred freddie|alice allie ali alicia
|alison allison ali allie|amanda mandy|amelia amy millie mel|andrea andie andy|andrew andy drew andre|angela angie ange|anita nita
|ann anne anna annie nan nancy hannah|anthony antony tony ant|antonia toni|archibald archie|arnold arnie|arthur art artie|ashley ash
|augustus gus augustine august|barbara barb babs barbie|barnaby barney|bartholomew bart|beatrice beatrix bea trixie|belinda bel linda
|benjamin ben benny benji|bernard bernie|bertram bert|bethany beth|beverly bev|bradley brad|brandon bran|brenda bren|bridget biddy bridie
|bruce brucie|calvin cal|cameron cam|camilla milly cam|candace candy candice|carl karl|carol carole caroline carrie caz|caroline carolyn carrie caro lina
|cassandra cass cassie sandra|catherine katherine kathryn catharine katharine kate katie kathy cathy kay kat kit kitty cat katy karen katrina
|cecilia cecily cissy celia|charlotte lottie charlie char lotte|charles charlie chuck chas chaz chip carl|cheryl cherie|chester chet
|christian chris kit|christina christine kristina tina chris chrissy kirsten christie|christopher chris kit topher kris christy
|clarence clancy|claudia claud|clifford cliff|clinton clint|constance connie|cordelia delia|cornelius neil con|cynthia cindy|cyril cy
|daniel dan danny|danielle dani danni|darren daz|david dave davey davy|deborah debra debbie deb debs|delores dolly lola|denise denny|dennis den denny
|derek del rick|diana diane di|dominic dom nick|donald don donnie|donna don|dorothy dot dottie dolly dory|douglas doug dougie|duncan dunc
|dwayne duane|edgar ed eddie|edmund ed eddie ned ted|edward ed eddie ted teddy ned|edwin ed eddie win|eileen aileen|elaine lainey helen
|eleanor elinor ellie nell nora ella lenora|elijah eli|elizabeth elisabeth liz lizzie beth betty bess eliza lisa libby betsy lily elsie liza ellie
|ellen nell ellie helen|elliott elliot eli|emily em emmy millie|emma em emmy|emmanuel manny|eric erik rick|ernest ernie|esther essie hester
|ethel eth|eugene gene|eva eve evie|evelyn evie eve lyn|ezekiel zeke|felicity fliss flick|ferdinand ferdie|florence flo florrie flossie
|frances fran frannie francie fanny|francis frank fran frankie|franklin frank|frederick fredrick fred freddie freddy rick|gabriel gabe
|gabrielle gabby gabi|geoffrey jeffrey geoff jeff|george georgie geordie|georgina georgia georgie gina|gerald gerry jerry ged|gerard gerry ged
|geraldine gerry|gertrude trudy gertie|gilbert gil bert|gillian gill jill jilly|glenn glen|gloria glo|gordon gordie|grace gracie
|graham graeme|gregory greg gregg|gwendolyn gwen wendy|harold harry hal|harriet harriett hattie harry|harrison harry|harvey harve
|heather hev|helen nell lena ellie|henrietta hettie etta|henry harry hank hal|herbert herb bert bertie|herman hermie|hilary hil
|howard howie|hubert hugh bert|hugh hughie hugo|humphrey humph|ian iain|ida idy|ignatius iggy|immanuel manny|irene rene renie
|isaac ike zac|isabel isabella isobel izzy bella belle isa bel|ivan van|jack jackie jock|jacob jake jakob|jacqueline jackie jacqui
|james jim jimmy jamie jem jimbo|jane janie janey jenny|janet jan jenny|janice jan|jason jay jase|jasper jazz|jean jeanie|jeffrey jeff geoff
|jennifer jen jenny jenn jenna|jeremy jerry jem jez|jeremiah jerry|jerome jerry|jessica jess jessie|jill jillian gill|joan joanie|joanna joanne jo joan anna
|jocelyn joss|joel joe|john jack johnny jon jock|jonathan jon jonny nathan johnny jonathon|jordan jordy|joseph joe joey jo jos
|josephine jo josie fina|joshua josh|joyce joy|judith judy jude|julia julie jules|julian jules|justin jus|karen kaz|katrina trina kat
|keith keithy|kelly kel|kelvin kel|kenneth ken kenny|kevin kev|kimberly kim kimmy|kirsten kirstie kirsty|kristen kris kristin|lachlan lachie
|lancelot lance|laura laurie lori|lauren laurie loz|laurence lawrence larry laurie lawrie|leonard leo len lenny|leopold leo|leroy roy|leslie lesley les
|lester les|letitia letty tish|lewis louis lou lew louie|lilian lillian lily lil|linda lindy lyn|lindsay lindsey lin|lionel leo|lisa liz
|lloyd loyd|lorraine lori raine|louisa louise lou lulu|lucas luke|lucinda lucy cindy|lucille lucy lucia|luther lu|lydia liddy|lynn lynne lyn
|mabel mab|madeleine madeline maddie maddy lena|magdalene maggie lena|malcolm mal|marcus mark marc|margaret maggie meg peggy marge margie greta rita madge daisy peg
|margery marjorie marge margie|maria mary marie mia|marian marion|marilyn lyn mary|mark marc marky|martha marty patty mattie|martin marty
|martina tina|marvin marv|mary molly polly mamie may|mathilda matilda tilly maud mattie|matthew matt matty mathew|maureen mo reenie
|maurice morris mo|maximilian maxwell max|megan meg meghan|melanie mel|melinda mindy mel linda|melissa mel missy lissa|melvin mel|mercedes mercy
|meredith merry|michael mike mick mickey micky mikey mitch micheal|michelle shelly shell michele|mildred millie|millicent millie|miranda mandy randy
|miriam mimi|mitchell mitch|molly mollie|monica mon|montgomery monty|mortimer mort|moses moe|muriel mu|nancy nan|naomi nomi
|natalie nat|nathan nate nat|nathaniel nathan nate nat|neil neal niall|nicholas nicolas nick nicky nico klaus colin|nicola nicole nicky nikki nic
|nigel nige|noah noe|noel noelle|norma normie|norman norm|oliver ollie olly|olivia liv livvy libby|oscar ossie|oswald ozzie ossie
|pamela pam pammy|patricia pat patty trish tricia patsy trisha|patrick pat paddy rick|paul paulie|paula polly|pauline paula polly|penelope penny pen
|percival percy|perry peregrine|peter pete|philip phillip phil pip|philippa pippa pip|phyllis phyl|priscilla cilla prissy|prudence prue
|quentin quin|rachel rach rachael|ralph rafe|randall randy|randolph randy dolph|raymond ray|raphael rafe raf|rebecca becky becca bec rebekah
|reginald reg reggie|reuben rube ben|rhonda ron|richard rick dick rich ricky richie dickie|robert bob rob bobby robbie bert robin
|roberta bobbie robbie|robin rob|roderick rod rick|rodney rod|roger rodge|roland rolly|ronald ron ronnie|rosalind roz ros|rosamund ros
|rosemary rose rosie|rose rosie|rowena ro|roxanne roxy|rudolph rudy|rufus rufe|rupert ru|russell russ|ruth ruthie|ryan ry
|sabrina brina|samantha sam sammy|samuel sam sammy|sandra sandy|sarah sara sally sadie|scott scottie|sean shaun shawn|sebastian seb bas
|selina lina|serena rena|seymour sy|shannon shan|sharon shaz shari|sheila shelagh|shirley shirl|sidney sydney sid|silas si|simon si
|solomon sol|sophia sophie sophy|spencer spence|stanley stan|stella stel|stephanie steph stef stevie|stephen steven steve stevie ste
|stewart stuart stu stew|susan susanna susannah suzanne sue susie suzy suki|sylvester sly|sylvia sylvie|tabitha tabby|tamara tammy
|tamsin tammy|terence terrence terry tel|teresa theresa terry tess tessa tracy|thaddeus tad|thelma thel|theodora dora theo|theodore theo ted teddy
|thomas tom tommy thom|timothy tim timmy|tobias toby|tracy trace|trevor trev|tyler ty|tyrone ty|ursula ursie|valerie val|vanessa nessa van
|vera vee|vernon vern|veronica ronnie vera nica|victor vic|victoria vicky vicki tori vic|vincent vince vin vinny|viola vi|violet vi
|virginia ginny ginger|vivian viv|wallace wally|walter walt wally wat|wanda wendy|warren waz|wesley wes|wilfred wilf fred|wilhelmina mina minnie
|william bill will billy willie liam wills|winifred winnie freda|winston win|woodrow woody|xavier xav|yvonne vonnie|zachary zach zack zac
|zebediah zeb|zoe zo
""",
    "German and Dutch": """
adalbert bert albert|adelheid heidi|adrian adriaan ad arjan|albrecht albert|alexander alex sascha xander lex sander|alexandra alex sandra sascha
|alois aloysius loisl|andreas andi andy andre dries|anneliese liesl anne|antje anna|anton toni|antonia toni|arnold arno|arnulf arno
|august gustl|balthasar balz hauser|barbara babsi bärbel baerbel|bartholomäus bartl bart|benedikt bene dikt|benjamin ben benni|bernhard bernd berni hardy
|bernadette bernie|birgit birgitta biggi gitta|brigitte gitte gitta biggi|burkhard burghard|carolin caroline karolin karoline caro lina|cäcilia cilly
|charlotte lotte lotti|christian chris|christiane christina tina christine christel|christoph chris stoffel|claudia claudi|cornelia conny nele corrie
|cornelius kees cor|daniel dani|dietrich dieter dirk|diederik dirk|dorothea doro dora thea|eduard edi ede|eberhard ebbo hardy|elfriede friedl elfi
|elisabeth lisa liesl sissi elli lisbeth betty else elsbeth ilse lies bettina|emanuel manuel|emil emi|erika riki|ernst erni|eugen eugene
|eva evi|fabian fabi|felix fix|ferdinand ferdi|florian flo flori|franz franzl|franziska franzi sissi ziska|friederike rike fritzi frieda
|friedrich fritz fred frieder friedel|gabriele gabi gaby|georg schorsch jörg joerg jürgen juergen joris sjors|gerhard gerd gert hardy gerrit geert
|gertrud trude gerti traudl|gottfried friedl gottlieb|gregor gregorius|günther guenther gunther guenter|gustav gustl|hannelore lore hanne|hans johannes johann hannes hansi jo
|heinrich heinz heiner heini hinnerk hein henk hendrik|heinz heini|helene lena leni hella|helmut heli helmuth|hendrik henk rik hein henri|herbert herb
|hermann manni harm herman|hildegard hilde|horst hotte|hubertus hubert bertus huub|ignaz nazi|irmgard irmi|isabella isa bella|jakob jockel jaap
|jan johannes johan|joachim jochen achim|johan johannes jan hans joop|johanna hanna hanni jo anna|jonas joni|josef joseph sepp jupp seppi beppi jos joep joost
|josefine fini josi|julia jule juli|julian jules|karl carl kalle charly|katharina kathi katrin käthe kaethe kati trina katja nina|klaus nikolaus claus klaas nico
|konrad conrad conny kurt koen|konstantin tino|kornelia nelly conny|kunigunde kuni|leonhard leo hardy|leopold poldi leo|lorenz lenz lorenzo|ludwig lutz wiggerl lou lodewijk
|magdalena lena leni magda|manfred manni fred|margarete margarethe grete gretel margit margot gitta greta griet|margareta greta rita|maria mia mitzi marie ria mieke
|marianne janne|markus marcus marc|martin marten maarten|mathilde thilde hilde|matthias matthäus hias matze mattes matthijs thijs|maximilian max maxi|melanie meli mel
|michael michi michel mike maik michiel|monika moni|nikolaus niko klaus niklas nikolas claus|oliver oli olli|otto ott|pauline paula line|peter pitt piet pieter petra
|petra petri|philipp philip flip lippl phil|rainer reiner|reinhard hardy reini|reinhold holdi|renate nati reni|richard richie|robert robi rob bert|roland roli
|rosalia rosi rosa|rosemarie rosi romy|rudolf rudi rolf ruud|ruprecht rupert|sabine bine|samuel sami|sebastian basti wastl bas bastian|siegfried siggi sigi
|sigmund siggi|silvia silvi|simon simi|sophia sofia sophie fie|stefan stephan steffen steff stef|stefanie stephanie steffi|susanne susi sanne|theodor theo
|theresia theresa resi tess|thomas tom tommi tomas|tobias tobi|torsten thorsten|ulrich uli ulli|ulrike uli rike ulla|ursula uschi ulla urs ursel|valentin valtin vali
|veronika vroni|viktor vic|viktoria vicky|volker volkmar|walburga burgi|walter walther walti wout|waltraud traudl|werner wern|wilhelm willi willy helm wim willem
|wilhelmina mina wil|wolfgang wolf wolfi|zacharias zach|cornelis kees cor nelis|gerardus gerard ger|theodorus theo dirk|johanna jo hanneke
""",
    "The north": """
aleksander alexander alex sander|aleksandra alexandra sandra|anders andreas ante|anna anne anni annika|antti andreas anders|astrid asta
|birgitta brita gitta gitte|bjarne bjarni|bjorn bjoern bear|carl karl kalle|christian kristian kris|christina kristina stina kicki tina kirsten
|daniel danne|elisabeth lisa lisbeth elsa bettan betina|erik eric eirik jerker|eva eevi|fredrik fredde fredrick|gunnar gunne|gustav gustaf gurra gösta goesta
|hans hasse johannes|henrik henke henrich|ingeborg inga bojan|ingrid inger|jakob jeppe jacob|jan janne|johan johannes jon juhani johnny|johanna hanna
|jonas jonne|josef jussi|juhani juha jussi johannes|jukka juhani|kaarina kaisa katarina|karin karen|katarina katrine kajsa karin trine kata katja
|kristoffer kristofer stoffe christopher|lars lasse laurits lauri lorens|lauritz laurits lars|lennart lelle|magdalena lena malena malin
|magnus mange|margareta margit greta maggan margrethe grethe merete|maria maja mia marie|marjatta marja|martin morten mårten marten|matthias matti mats mathias mattias
|mikael micke mikko michael mikkel|nils nisse niels niklas|niklas nicklas nikolaj niko|olof ola olle olav olaf|oskar ossi|peter per pelle petter pär paer petri pekka
|petri pekka|sofia sofie fia|stefan steffe|sven svenne svend|søren soeren severin|thomas tompa tommy tuomas|ulrika ulla|viktor vicke|vilhelm ville wille
|johannes juho hannu jens|sigurd sigge siv|torbjorn tobbe|torvald tor|sigrid siri|guðrun gudrun gunna
""",
    "French": """
adrien adri|alexandre alex|alexandra alex sandra|alfred fred|antoine toine titouan tony|anne annie anna nanette|andre dede|augustin gus|benjamin ben
|bernadette bernie|bernard nanard|catherine cathy katia kati|charles charlot charly|charlotte lolotte|christian chris|christine chris titine|christophe chris tophe
|claire clairette|claude claudie|daniel dany|danielle dany|david dav|denise nini|dominique dom domi|edouard ed doudou|elisabeth babette lise lisette elise
|emmanuel manu|emmanuelle manu manuelle|etienne tiennot steph|eugene gegene|fabrice fab|florence flo|francois fanfan franc|francoise fanchon soizic|frederic fred
|frederique fred|gabriel gab|genevieve ginette gene|georges jojo|gerard gege|germaine maimaine|gilbert gil|gregoire greg|guillaume guigui will
|henri riton riri|isabelle isa zaza|jacqueline jacquie|jacques jacquot jacky|jean jeannot|jeanne jeannette|jerome jeje|joseph jo jojo zef
|josephine jo josie|julien ju juju|laurent lolo|laurence lolo laure|louis loulou|louise loulou lou lison|lucien lulu|madeleine mado madelon
|marcel marcelin|marguerite margot|marie manon mimi maryse|martine titine|mathieu matthieu mat|maurice momo|maximilien maxime max|michel mimi mich
|michele mimi|monique momo nique|nathalie nath nat|nicolas nico colas|nicole nic nicolette|olivier oliv|pascal pasc|patrick pat patrice|paul popaul
|philippe phil fifi|pierre pierrot pete|raymond ray momo|robert bob bebert|roger roro|sebastien seb bastien|sophie so|stephane steph|stephanie steph fanny
|sylvie syl|theodore theo|thierry titi|thomas tom|valerie val|veronique vero|victor vic totor|vincent vince|virginie gini|xavier xav|yves yvon|yvonne vonette
""",
    "Spanish, Portuguese and Italian": """
adriana adri|agustin tin|alberto beto berto tito|alejandra ale jandra sandra|alejandro alex ale jandro alessandro|alessandra ale sandra|alessandro ale sandro
|alexandre alex xande|alfonso fonso poncho alonso|alfredo fredo fred|ana anita aninha|andres andy andrea|angela lina angelita|angelo lino
|antonia toni tonia antonella|antonio tono toni tonio nino toninho totò antonino|arturo turo|aurora rora|bartolomeo bartolo meo|beatriz bea betty bia|benedetto bene nito
|benjamin benja|carlos carlitos caco charly carlo|carlo carletto|carmen carmela menchu carmina mamen|carolina caro lina|caterina rina cate katia|catarina cata catia
|cecilia ceci|christina cristina cris tina|concepcion concha conchita|consuelo chelo|cristian cris|cristobal tobal cristoforo|daniel dani|daniela dani
|david davi|diego santiago|dolores lola loli lolita|domenico mimmo nico menico domingo|domingo mingo|eduardo edu lalo dudu edoardo edo|elena nena lena|elisabetta lisa betta elisa
|elizabeth eli isabel|emanuele manu lele|emilia emi mila|enrique quique kike quico enrico|enrico rico chicco|ernesto neto tito|esperanza espe|esteban teban stefano
|eugenia geni|eugenio geni|eva evita|federico fede rico|felipe pipe feli filippo|ferdinando nando|fernanda fer nanda|fernando fer nando nano|francesca franca cesca chicca
|francesco franco cecco ciccio checco|francisca paca paqui chica fran|francisco paco pancho fran curro kiko chico quico|gabriel gabi biel|gabriela gabi|gabriele lele gabri
|gaetano tano|gennaro genaro|gerardo gera lalo|gertrudis tula|giacomo mino jack|gianni giovanni|giovanna gianna vanna nina|giovanni gianni gio vanni nino nanni giannino
|giulia giuli|giuseppe beppe peppe pino peppino beppo geppo|giuseppina pina pinuccia|gonzalo gonza|graciela chela|gregorio goyo|guadalupe lupe lupita
|guillermo memo guille willy|guglielmo memo|gustavo gus tavo|hector tito|ignacio nacho|ignazio nazio|inmaculada inma|isabel isa bel chabela|isabella isa bella
|jacobo yago|javier javi xavi|jesus chucho chus suso|joao joaozinho|joaquin quino ximo chimo|joaquim quim|jorge jordi coque|jose pepe pepito ze zezinho josep chepe|josefa pepa fina
|juan juanito juancho|juana juanita|julio yuyo|laura lau|leonardo leo nardo|leopoldo leo poldo|lorenzo renzo loren|lourdes lulu|lucia lucy|lucas luca
|luigi gigi gino|luigia gina|luis lucho luiz lula|luisa lu|manuel manolo manu lolo manel manoel|manuela manu manoli|marcello lello celo|margarita marga rita margherita
|maria mari maruja mariuccia|mario mariolino|matteo teo mateo|mauricio mau|maximiliano max maxi|mercedes merche meche|miguel mike migue micky michele|michele lino miche
|michelangelo lino|monica moni|montserrat montse|natalia nati nat|nicolas nico nicola|nicola nico nicolino|pablo pablito|paolo paolino|patricia pati patri
|pedro perico pedrito piero|pietro piero pierino|pilar pili|rafael rafa|raffaele raf lele|raimundo ray mundo|ramon moncho mon|raul rulo|remedios reme
|ricardo ricky rica cardo|riccardo ricky ricca|roberto beto rober tito robi|rodolfo fito rudy|rodrigo rodri|rogelio roge|rosa rosita rosi|rosario charo
|salvador salva chava|salvatore toto turi salvo tore|santiago santi yago chago diego|sebastian sebas seba|sebastiano seba bastiano nello|sergio checo|silvia silvi
|sofia sofi|susana susi|teresa tere teresita|tomas tommaso tommy maso|valentina vale tina|vicente chente vincenzo|vincenzo enzo vince cenzo|victor vito|victoria vicky toya
|virginia gina|xavier xavi|yolanda yoli|sebastiao tiao|antonio tonho|joao ju joca
""",
    "Polish, Czech and Slovak, southern Slavic, Hungarian and Romanian": """
agnieszka aga agnes|aleksander olek alek|aleksandra ola ala|andrzej jedrek|anna ania hania anicka anka|antoni antek antos antonin tonda|barbara basia baska bara barunka
|bartosz bartlomiej bartek|bartolomiej bartek|beata beti|boguslaw bogdan bogus|boleslaw bolek|bronislaw bronek|czeslaw czesiek|dorota dorotka|dominik domino
|edward edek|elzbieta ela elka|ewa ewka eva|filip fifi|franciszek franek frantisek franta|frantisek franta fanda|grzegorz grzesiek grzes gregor|halina hala|helena hela
|henryk heniek|ireneusz irek|iwona iwonka|jacek jaca|jadwiga jadzia|jakub kuba jakob|jan janek jas honza jenda janko|janusz janek|jaroslav jarda jarek|jaroslaw jarek
|jerzy jurek jiri jirka|jiri jirka jura|joanna asia joasia|jozef jozek jozko josef pepa pepik|julia jula|karol karolek lolek karel|karel kaja karlik|karolina karola
|katarzyna kasia kaska katka|katerina katka kacka|kazimierz kazik|krystyna krysia|krzysztof krzysiek krzys krystof|leszek lech|ladislav lada|lubomir lubos
|lucyna luca|lukasz luki|lukas luki|maciej maciek matej|magdalena magda magdalenka|malgorzata gosia malgosia gosha|marek mareczek|maria marysia maja marie|marta martusia
|mateusz mati matous|michal misiek michalek|mieczyslaw mietek|mikolaj miki mikulas|milan milanek|miroslaw mirek|miroslav mirek miro|monika monia|natalia natalka
|pawel pawelek pavel|piotr piotrek piotrus petr|petr peta|przemyslaw przemek|rafal rafalek|robert robcio|roman romek|ryszard rysiek|slawomir slawek|stanislaw staszek stas stan
|stanislav standa|stefan stefek|sylwester sylwek|szymon szymek simon|tadeusz tadek|teresa tereska|tomasz tomek|tomas tomek tom|urszula ula|vaclav vasek venca|vladimir vlada vladko
|vojtech vojta|wieslaw wiesiek|wiktor wiktorek|wlodzimierz wlodek|wojciech wojtek|zbigniew zbyszek|zbynek zbyszek|zdenek zdena|zdzislaw zdzisiek|zofia zosia|zuzanna zuza
|zuzana zuzka|aleksandar aca sasa|dragan gagi|dusan dule|dorde djordje djoka george|ivan ivo ivica vanja|jovan joca|josip joso jozo|katarina kata kaca|ljubomir ljuba
|marija mara maja|milorad miki|mihailo misa mihajlo|miodrag miki|nikola nidza|petar pera pero|slobodan boban sloba|stjepan stipe|tomislav tomo|vladimir vlado vlatko
|zoran zoki|zeljko zele|ferenc feri|gyorgy gyuri|istvan pista isti|jozsef joska|katalin kati|laszlo laci|mihaly misi|miklos miki|sandor sanyi|erzsebet erzsi|ilona ica ilka|janos jani
|alexandru alex sandu|andrei andi|constantin costi costel|cristian cristi|elena lena|gheorghe gigi george|ioan ion ionut ionel|maria mariuca|mihai misu|nicolae nicu|stefan fane|vasile vasi
""",
    "Russian, Ukrainian, Bulgarian": """
aleksandr alexander sasha shura sanya alex oleksandr sashko|aleksandra alexandra sasha shura oleksandra|aleksei alexey alyosha lyosha lesha oleksiy|alla alya|anastasia nastya asya anastasiya
|anatoly tolya anatoliy|andrei andrey andryusha andriy|anna anya nyura ania|anton antosha tosha|antonina tonya|arkady arkasha|artem artyom tyoma|boris borya|bogdan bohdan bodya
|daria darya dasha|denis deniska|dmitri dmitry dima mitya dmytro dimitar|ekaterina yekaterina katya kate kateryna katerina|elena yelena lena alyona olena|elizaveta yelizaveta liza
|evgeny yevgeny zhenya evgeni yevhen evgenii|evgenia yevgenia zhenya|fyodor fedor fedya theodore|galina galya halyna|gennady gena|georgi georgy gosha zhora george georgiy|grigori grigory grisha hryhoriy
|igor ihor gosha|ilya ilyusha illia|inna inya|irina ira iryna|ivan vanya vano|kirill kirya kyrylo kiril|konstantin kostya kostiantyn|ksenia xenia ksyusha oksana|larisa lara larysa
|leonid lyonya|lev lyova leo|lidia lida|lyubov lyuba liubov|lyudmila lyuda mila luda liudmyla|maksim maxim max maks maksym|margarita rita|maria masha marusya mariya|marina marisha maryna
|mikhail misha michael mykhailo mihail|nadezhda nadya nadia|natalia natasha nataliya|nikita nik mykyta|nikolai nikolay kolya nick mykola|nina ninochka|oksana ksana ksyusha|oleg oleh|olga olya olha
|pavel pasha pavlo paul|petr pyotr petya petro|polina polya|raisa raya|roman roma|ruslan rus|semyon senya|sergei sergey seryozha serhiy serge|sofia sofya sonya|stanislav stas slava|stepan styopa
|svetlana sveta svitlana|taisia taya|tamara toma|tatiana tatyana tanya tetiana|timofei tima timothy|vadim vadik vadym|valentin valya|valentina valya|valeria lera|valery valera valeriy
|vasily vasya vasyl vasil|vera verochka vira|veronika nika|viktor victor vitya|viktoria vika victoria|vitaly vitalik vitaliy vitya|vladimir vova volodya vlad volodymyr|vladislav vlad slava vladyslav
|vyacheslav slava viacheslav|yakov yasha|yana yanochka|yaroslav slava yarik|yulia yuliya julia yulya|yuri yura yury yuriy|zinaida zina|zoya zoyka|dimitar mitko|georgi gosho|todor tosho|hristo icho
""",
    "Greek": """
aikaterini katerina katia|alexandros alekos alex|alexandra aleka|anastasios tasos|anastasia tasia natasa|andreas andrikos|angeliki kiki|antonios antonis tonis|athanasios thanasis nasos|charalampos babis haris
|christos chris|christina chris tina|dimitrios dimitris mimis jim|dimitra mimi|eleni elena lena helen|elisavet elsa|emmanouil manolis manos|evangelos vangelis|evangelia litsa eva|fotios fotis|georgios giorgos yorgos george
|georgia giota|grigorios grigoris|ilias elias|ioannis giannis yannis john yiannis|ioanna gianna|irini rena irene|konstantinos kostas costas dinos|konstantina dina|maria mairi|michail michalis mike|nikolaos nikos nick
|panagiotis panos takis panayiotis|panagiota giota|paraskevi voula evi|pavlos paul|petros peter|sofia sofi|sotirios sotiris|spyridon spyros|stavros stavrakis|stefanos steve|stylianos stelios|theodoros thodoris theo|vasileios vasilis bill
|vasiliki vaso vicky
""",
    "Arabic, Hebrew, Persian, Turkish": """
muhammad mohammed mohamed mohammad muhammed mehmet mo hamada|ahmed ahmad ahmet hamada|abdullah abdallah abdulla|abdulrahman abdelrahman abdurrahman|ali aly|ibrahim brahim ibo|yusuf youssef yousef yosef joseph|mustafa mostafa mustapha
|husain hussein hossein hussain huseyin|hasan hassan|khalid khaled|umar omar omer|uthman osman othman|fatima fatma fatimah|aisha ayesha aysha ayse|khadija hatice khadijah|maryam mariam miriam meryem|nur noor nour|said saeed sayed|tariq tarek tarik|zainab zeynep zaynab
|amina emine|hamid hamed|karim kareem kerim|jamal gamal cemal|salim selim saleem|suleiman sulayman suleyman solomon|avraham avi abraham avrum|binyamin beni benjamin|david dudi dudu|eliyahu eli elijah|eliezer eli lazar|esther esti ester|hanna chana hannah|chaim haim
|itzhak yitzhak isaac itzik|menachem meni|miriam miri|moshe moishe moses moshik|nathan natan|rachel rahel racheli|rivka rebecca riki|sara sarah|shimon simon shimi|shlomo solomon momi|shmuel samuel shmulik|yaakov jacob yaki kobi|yehuda judah udi|yehonatan yonatan jonathan yoni
|yehoshua joshua shuki|yisrael israel srulik|yosef yossi joseph|zeev wolf|reza raza|mehdi mahdi|fatemeh fati
""",
    "South and east Asia": """
abhishek abhi|aditya adi|anil anilkumar|anjali anju|arjun arj|deepak dipak|gaurav gourav|ganesh ganesan|jayanth jay|krishna krish krishnan|lakshmi laxmi|mahesh mahi|mukesh muku|narendra naren|pradeep pradip|prashant prasanth|priyanka priya|rahul raul
|rajesh raj rajeev|rajendra raj rajen|ramesh ram|ravindra ravi|sanjay sanju|santosh santhosh|shubham shubh|sandeep sandip|siddharth sid siddhartha|subramanian subbu mani|sunil suneel|sushma sush|venkatesh venkat venky|vijay vijayan|vikram vik|vishal vish|vivek vik
|kenichi ken|kentaro ken|takashi taka|hiroshi hiro|hiroyuki hiro|yukiko yuki|tomoko tomo|masahiro masa
""",
}

NAMES_OF_THEIR_OWN = """
gary mary zoe dana joan jean gail gary karen kari erik erika dean dion ella eila ina ivo kai kay lea leah lara mara mona nora nina noa noah ole
paulo paula petra rosa rune sara tara tina tom toma uwe vera iris ines eva evan ewan owen ryan bryan brian byron darryl daryl harald herold ronan rowan
ethan nathan logan liam lian luca luka lucas mia mila milo nils niles elsa else elias eliot silas tomas dario mario marina martina marlon merlin jaden jayden aiden
amber autumn skye sky faith hope joy may june april summer ruby pearl opal jade heidi helga inga ingo olga oleg igor egon edda eda ida ada ava ava ayla kayla layla
maya mayra myra tyra kira kara cara clara lana lena alina elina selma thelma velma wilma alma emma gemma jenna henna hanna johanna
""".split()
"""Given names that differ in a letter or two from another: to be told from slips of the pen as those above are."""
